"""Attributes of what is not the program's own: they keep their names."""

from __future__ import annotations

import ast
import asyncio
import builtins
import functools
import hashlib
import io
import os
import select
import socket
import ssl
import time

from .checkout import ROOT

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# What has attributes both here and in MicroPython; the chip's own modules are those of boards/sim.
_FOREIGN = (
    *(bytes, bytearray, dict, float, int, list, memoryview, set, str, tuple, OSError),
    *(io.BytesIO, io.StringIO, io.BufferedRandom, socket.socket, ssl.SSLContext, ssl.SSLSocket),
    *(asyncio.Event, asyncio.Lock, asyncio.Task, asyncio.StreamReader, asyncio.StreamWriter),
    *(asyncio, builtins, hashlib, io, os, select, socket, ssl, time),
)


@functools.cache
def foreign() -> frozenset[str]:
    """The attributes of what is not the program's own, which keep their names."""
    found = {name for one in _FOREIGN for name in dir(one)}
    for folder in (ROOT / "boards" / "sim", ROOT / "firmware"):
        for path in folder.glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                    found.add(node.name)
                elif isinstance(node, ast.Attribute):
                    found.add(node.attr)
    return frozenset(found)
