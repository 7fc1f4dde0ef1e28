# What the firmware is measured against, on the same simulated board: bare loops, and what a user
# would write with MicroPython's `requests`. One line on UART1 is one task; each ends in OK.
#
#     wire <port> <tls> <size> <chunk>      writes only, no network: how fast the port is emptied
#     bare                                  readinto() -> write(), the same frames around the bytes
#     link                                  the same with the frames of a link
#     unframed                              the same without frames
#     raw                                   requests.get(url).raw.read(n) -> write()
#     content                               requests.get(url).content -> write(), 64 KB at a time
#     kept, new                             one bare request on a kept and on a new connection
#     echo <text>

import select
import socket
import ssl
import sys
import time

import machine
import network

import board

HOST = "127.0.0.1"
# `content` keeps the whole body; this much fits into the heap of a chip with all else in it.
PART = 32 * 1024
IDLE_MS = 5  # what the driver still has to send moves at a call

uart = machine.UART(
    board.UART_ID, board.BAUD, flow=machine.UART.RTS, rxbuf=board.RXBUF, txbuf=board.TXBUF
)


def connect(port, tls):
    sock = socket.socket()
    sock.connect(socket.getaddrinfo(HOST, port)[0][-1])
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.verify_mode = ssl.CERT_NONE
        sock = context.wrap_socket(sock, server_hostname="localhost")
    return sock


def ask(sock, size):
    sock.write(b"GET /bytes/%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % size)
    while sock.readline() != b"\r\n":
        pass


def move(sock, size, chunk, head=b"", end=b""):
    buf = bytearray(head + bytes(chunk) + end)
    data = memoryview(buf)[len(head) :]
    frame = len(head) + len(end)
    while size:
        count = sock.readinto(data, min(size, chunk))
        uart.write(buf, 0, count + frame)
        size -= count


def wire(port, tls, size, chunk):
    buf = bytearray(chunk)
    while size:
        size -= uart.write(buf, 0, min(size, chunk))


def bare(port, tls, size, chunk):
    sock = connect(port, tls)
    ask(sock, size)
    move(sock, size, chunk, b"+HTTPCGET:%d," % chunk, b"\r\n")
    sock.close()


def link(port, tls, size, chunk):
    sock = connect(port, tls)
    ask(sock, size)
    move(sock, size, chunk, b"\r\n+IPD,%d:" % chunk, b"\r\n")
    sock.close()


def unframed(port, tls, size, chunk):
    sock = connect(port, tls)
    ask(sock, size)
    move(sock, size, chunk)
    sock.close()


def url(port, tls, size):
    return "http%s://%s:%d/bytes/%d" % ("s" if tls else "", HOST, port, size)


def raw(port, tls, size, chunk):
    import requests

    response = requests.get(url(port, tls, size))
    while True:
        data = response.raw.read(chunk)
        if not data:
            break
        uart.write(data)
    response.close()


def content(port, tls, size, chunk):
    import requests

    while size:
        part = min(size, PART)
        response = requests.get(url(port, tls, part))
        uart.write(response.content)
        response.close()
        size -= part


kept_sockets = {}


def kept(port, tls, size, chunk):
    if port not in kept_sockets:
        kept_sockets[port] = connect(port, tls)
    ask(kept_sockets[port], size)
    move(kept_sockets[port], size, chunk)


TASKS = {
    "wire": wire,
    "bare": bare,
    "link": link,
    "unframed": unframed,
    "new": unframed,
    "kept": kept,
    "raw": raw,
    "content": content,
}


def serve(line):
    word, *rest = line.split()
    if word == "end":
        sys.exit()
    if word == "echo":
        uart.write(line[5:])
    else:
        TASKS[word](*(int(part) for part in rest))


def main():
    wlan = network.WLAN()
    wlan.active(True)
    wlan.connect("espressif", "1234567890")
    while not wlan.isconnected():
        time.sleep_ms(5)
    uart.write(b"ready\r\n")
    # Both boards have one processor together: who is not asked leaves it to the other.
    waiter = select.poll()
    waiter.register(uart, select.POLLIN)
    line = b""
    while True:
        waiter.poll(IDLE_MS)
        line += uart.read(256) or b""
        if not line.endswith(b"\n"):
            continue
        text, line = line[:-1].decode(), b""
        serve(text)
        uart.write(b"\r\nOK\r\n")


main()
