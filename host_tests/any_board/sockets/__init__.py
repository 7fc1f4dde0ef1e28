"""The TCP/IP commands of links: to open, send, receive, close; as ESP-AT's hosts see them."""
