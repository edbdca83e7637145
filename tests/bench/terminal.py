#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""terminal.py: measures kmeta-browse as who sits before it does, through a pseudo-terminal.

usage: terminal.py RUNS KMETA-BROWSE DIRECTORY LAST-OFFSET

Presses keys, keeps the screen that comes back, and takes the time until what was asked for stands on
it. Prints a line for each of what is measured: its name, the shortest time in seconds, and the
largest memory in KiB that the process had held by then. Fails if something never comes.
"""

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time

WIDTH, HEIGHT = 120, 40
PATIENCE = 120  # seconds until something that does not come is given up

# A terminal that can do next to nothing, so that its screen is easily kept.
TERMINFO = r"""bench|a terminal that is measured with,
	am, cols#%d, lines#%d, it#8,
	bel=^G, cr=\r, ind=\n, cub1=^H, clear=\E[H\E[2J, cup=\E[%%i%%p1%%d;%%p2%%dH, el=\E[K,
""" % (WIDTH, HEIGHT)


class Terminal:
    """A process before a screen."""

    def __init__(self, command, terminfo):
        self.rows = [[" "] * WIDTH for _ in range(HEIGHT)]
        self.y = self.x = 0
        self.left = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.begun = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # Nothing is written before the size is known.
            os.read(0, 1)
            os.environ.update(TERM="bench", TERMINFO=terminfo, LC_ALL="C.UTF-8", TZ="UTC")
            os.execv(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self.begun = time.monotonic()
        os.write(self.fd, b"\n")

    def press(self, keys):
        self.begun = time.monotonic()
        os.write(self.fd, keys.encode())

    def line(self, number):
        return "".join(self.rows[number])

    def wait(self, there):
        """Until there() says so; returns the seconds since the last key."""
        limit = time.monotonic() + PATIENCE
        while not there():
            if not select.select([self.fd], [], [], max(0, limit - time.monotonic()))[0]:
                sys.exit("terminal.py: it does not come; the screen is\n" + "\n".join(
                    self.line(i) for i in range(HEIGHT)))
            self.take(self.decoder.decode(os.read(self.fd, 1 << 16)))
        return time.monotonic() - self.begun

    def take(self, text):
        text = self.left + text
        self.left = ""
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                match = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])").match(text, at)
                if not match:
                    if len(text) - at > 16:
                        sys.exit("terminal.py: unknown sequence %r" % text[at:at + 16])
                    self.left = text[at:]
                    return
                self.act(match.group(1), match.group(2))
                at = match.end()
            else:
                self.put(text[at])
                at += 1

    def act(self, numbers, letter):
        if letter == "H":
            row, column = (numbers or "1;1").split(";")
            self.y, self.x = int(row) - 1, int(column) - 1
        elif letter == "J":
            self.rows = [[" "] * WIDTH for _ in range(HEIGHT)]
        elif letter == "K":
            self.rows[self.y][self.x:] = [" "] * (WIDTH - self.x)

    def put(self, c):
        if c == "\r":
            self.x = 0
        elif c == "\b":
            self.x = max(0, self.x - 1)
        elif c == "\n" and self.y < HEIGHT - 1:
            self.y += 1
        elif c == "\n":
            self.rows = self.rows[1:] + [[" "] * WIDTH]
        elif c >= " ":
            if self.x == WIDTH:
                self.x = 0
                self.put("\n")
            self.rows[self.y][self.x] = c
            self.x += 1

    def memory(self):
        with open("/proc/%d/status" % self.pid) as status:
            return int(re.search(r"VmHWM:\s*(\d+)", status.read()).group(1))

    def end(self):
        self.press("Q")
        try:
            while os.read(self.fd, 1 << 16):
                pass
        except OSError:
            pass  # how a terminal ends
        if os.waitpid(self.pid, 0)[1] != 0:
            sys.exit("terminal.py: the browser failed")


def measure(browser, directory, last, terminfo):
    """Yields names, seconds and KiB."""
    t = Terminal([browser, directory], terminfo)
    opened = t.begun

    def status():
        return t.line(HEIGHT - 2)

    def message():
        return t.line(HEIGHT - 1)

    def shows(offset, rows):
        return any(re.match(r" *%d  \d\d:" % offset, t.line(i)) or
                   re.match(r" *%d  \d{4}-" % offset, t.line(i)) for i in rows)

    def result(name, seconds):
        return name, seconds, t.memory()

    yield result("start", t.wait(lambda: shows(0, [1])))
    t.press("G")
    yield result("end", t.wait(lambda: shows(last, range(1, HEIGHT - 2))))
    t.wait(lambda: "indexing" not in status())
    yield result("index", time.monotonic() - opened)

    t.press("50%")
    t.wait(lambda: " 50%" in status() or " 49%" in status())
    t.press("s")
    yield result("state", t.wait(lambda: any("state @" in t.line(i) for i in range(HEIGHT))))
    t.press("qg")
    t.wait(lambda: shows(0, [1]) and "state" not in t.line(HEIGHT * 2 // 5))
    t.press("/no-such-word-anywhere\r")
    yield result("search", t.wait(lambda: "not found: no-such-word-anywhere" in message()))
    t.end()


def main():
    runs, browser, directory, last = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    best = {}

    with tempfile.TemporaryDirectory() as terminfo:
        source = os.path.join(terminfo, "bench.ti")
        with open(source, "w") as file:
            file.write(TERMINFO)
        subprocess.run(["tic", "-o", terminfo, source], check=True)
        for _ in range(runs):
            for name, seconds, memory in measure(browser, directory, last, terminfo):
                before = best.get(name, (seconds, memory))
                best[name] = min(seconds, before[0]), max(memory, before[1])
    for name, (seconds, memory) in best.items():
        print(name, "%.6f" % seconds, memory)


if len(sys.argv) != 5:
    sys.exit(__doc__)
main()
