"""The library, against bytes, against original ESP-AT on a pty, and against a board."""
