#!/usr/bin/python3
"""CDDL (RFC 8610): does a CBOR item have the type that a text describes?

    t/cddl.py FILE.cddl [RULE] < ITEM      0: yes; 1: no, and why; 2: no CDDL
    cddl.Schema(text).check(raw, rule)     raises Broken, Mismatch

Matching is that of appendix A: the first choice that fits is taken, occurrences
take what they can. Floats are no integers and have a width, 1 is not true, no
map has a key twice, all lengths are definite. No sockets, generics, .bits.
"""
import ast
import json
import re
import sys
from collections import namedtuple
from io import BytesIO

from cbor2 import decoder, types

PRELUDE = """ any = #  uint = #0  nint = #1  int = uint / nint  bstr = #2  bytes = bstr
tstr = #3  text = tstr  tdate = #6.0(tstr)  time = #6.1(number)  number = int / float
biguint = #6.2(bstr)  bignint = #6.3(bstr)  bigint = biguint / bignint
integer = int / bigint  unsigned = uint / biguint  encoded-cbor = #6.24(bstr)
decfrac = #6.4([e10: int, m: integer])  bigfloat = #6.5([e2: int, m: integer])
eb64url = #6.21(any)  eb64legacy = #6.22(any)  eb16 = #6.23(any)  uri = #6.32(tstr)
b64url = #6.33(tstr)  b64legacy = #6.34(tstr)  regexp = #6.35(tstr)
mime-message = #6.36(tstr)  cbor-any = #6.55799(any)  float16 = #7.25
float32 = #7.26  float64 = #7.27  float16-32 = float16 / float32
float32-64 = float32 / float64  float = float16-32 / float64  false = #7.20
true = #7.21  bool = false / true  nil = #7.22  null = nil  undefined = #7.23 """
TOKEN = re.compile(r"""(?:\s|;[^\n]*)*(?:(?P<occur>\d*\*\d*) |
    (?P<bytes>h?'(?:[^'\\]|\\.)*') | (?P<text>"(?:[^"\\]|\\.)*") |
    (?P<number>-?(?:0x[\da-fA-F]+|0b[01]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)) |
    (?P<name>[A-Za-z@_$](?:[-.]*[\w@$])*) | (?P<control>\.[a-z]+) |
    (?P<major>\#(?:\d(?:\.\d+)?)?) | (?P<end>$) |
    (?P<sign>\.\.\.?|//=|/=|//|=>|[=/:^,?+(){}~&\[\]]) | (?P<wrong>.))""",
                   re.VERBOSE | re.ASCII)
# fits(item); the value of a literal; what is inside a tag, a map or an array;
# group(take, left) of a group takes its entries and gives what is left then.
Type = namedtuple("Type", "fits value inside group", defaults=(None,) * 3)
CUT = (7, 0, ...), None  # left of a pair whose value does not fit its key


class Broken(Exception):
    """It is no CDDL."""


class Mismatch(Exception):
    """The item is not of that type."""


class Lazy:
    """A type that is looked for when it is used."""

    def __init__(self, find):
        self.find = find

    def __getattr__(self, name):
        return getattr(self.find(), name)


class Reader(decoder.CBORDecoder):
    """Items as (major type, number of a tag or simple value, value)."""

    def _decode(self, immutable=False, unshared=False):
        head = self.read(1)[0]
        major, low = head >> 5, head & 31
        if low == 31:
            raise types.CBORDecodeValueError("an indefinite length")
        if major == 6:
            return 6, self._decode_length(low), self._decode()
        value = getattr(self, "decode_" + ("uint", "negint", "bytestring",
                        "string", "array", "map", "", "special")[major])(low)
        return major, getattr(value, "value", low * (major == 7)), value

    def decode_map(self, subtype):
        flat = [self._decode() for _ in range(2 * self._decode_length(subtype))]
        if any(key in flat[:i:2] for i, key in enumerate(flat) if i % 2 == 0):
            raise types.CBORDecodeValueError("a map has a key twice")
        return list(zip(flat[::2], flat[1::2]))


def decode(raw):
    """The items of RAW, one behind the other; None: it is no CBOR."""
    items, fp = [], BytesIO(raw)
    try:
        while fp.tell() < len(raw):
            items.append(Reader(fp).decode())
    except (types.CBORDecodeError, ValueError):
        return None
    return items


CONTROLS = {
    ".size": lambda v, a: v[2] < 256 ** a.value if v[0] == 0 else
    a.fits((0, 0, len(v[2].encode() if v[0] == 3 else v[2]))),
    ".cbor": lambda v, a: [not a.fits(i) for i in decode(v[2]) or ()] == [False],
    ".cborseq": lambda v, a: (items := decode(v[2])) is not None and
    a.fits((4, 0, items)),
    ".regexp": lambda v, a: re.fullmatch(a.value, v[2]),
    **dict.fromkeys((".and", ".within", ".eq"), lambda v, a: a.fits(v)),
    ".default": lambda v, a: True, ".ne": lambda v, a: not a.fits(v),
    ".gt": lambda v, a: v[2] > a.value, ".ge": lambda v, a: v[2] >= a.value,
    **dict.fromkeys((".lt", "..."), lambda v, a: v[2] < a.value),
    **dict.fromkeys((".le", ".."), lambda v, a: v[2] <= a.value),
}


def literal(kind, text):
    """The type of a token."""
    value = text if kind == "name" else json.loads(text) if kind == "text" \
        else bytes.fromhex(text[2:-1]) if text[0] == "h" \
        else ast.literal_eval("b" * (kind == "bytes") + text)
    return Type(lambda v: type(v[2]) is type(value) and v[2] == value, value)


def first_of(choices):
    """The group that is one of several sequences of entries."""
    def match(take, left):
        best = None
        for entries in choices:
            after = left
            for entry in entries:
                after = after if after is None else entry(take, after)
            best = best if after is None else after
            if best is not None and CUT not in best:
                break
        return best
    return Type(lambda v: False, group=match)


def enum(of, is_group=False):
    """The type of what one of a group's entries is."""
    def fits(v):
        found = []
        of.group(lambda left, _, __, what, ___: found.append(what) or left, [])
        return any(what.fits(v) for what in found)
    return Type(fits, group=is_group and of.group)


class Schema:
    """The rules of a text."""

    def __init__(self, text):
        self.rules, self.names = {}, set()
        _, self.first = self.read(PRELUDE), self.read(text)
        for name in self.names - set(self.rules):
            raise Broken(f"there is no rule {name}")

    def check(self, raw, rule=None):
        """RAW must be one item of the type RULE."""
        self.path, self.why = [], (-1, f"it is no item {rule or self.first}")
        items = decode(raw) or ()
        if len(items) != 1 or not self.rules[rule or self.first].fits(items[0]):
            raise Mismatch(self.why[1])

    def note(self, text):
        """Of what does not fit the deepest is told."""
        told = len(self.path), f"{'/'.join(map(str, self.path))}: {text}"
        self.why = max(self.why, told, key=lambda why: why[0])

    def holder(self, major, group):
        """A map or an array, whose keys are its indices."""
        def take(left, key, cut, what, text):
            for i, (k, v) in enumerate(left if major == 5 else left[:1]):
                if major == 5 and (not key or k == CUT[0] or not key.fits(k)):
                    continue
                self.path.append(k[2])
                fits = what.fits(v)
                if not fits:
                    self.note(f"{str(v[2])[:60]!r} is not {text[:200]}")
                self.path.pop()
                if fits or cut and major == 5:
                    return left[:i] + ([] if fits else [CUT]) + left[i + 1:]
            return None

        def fits(v):
            left = v[0] == major and group.group(take, v[2] if major == 5 else [
                ((0, 0, i), item) for i, item in enumerate(v[2])])
            for key, _ in left or ():
                self.note(f"there is no place for {key[2]!r}")
            return left == []
        return Type(fits, inside=group)

    def read(self, text):
        """Adds the rules of TEXT; the name of its first."""
        self.text, self.at, first = text, 0, None
        self.tokens = [(m.lastgroup, m[m.lastgroup], m.end())
                       for m in TOKEN.finditer(text)]
        while not self.next("end"):
            name, how = self.need("name"), self.need("=", "/=", "//=")
            old, (new, match) = self.rules.get(name), self.entry()
            if old and how == "=":
                raise Broken(f"{name} has two rules")
            if how == "//=" or not new:
                new = first_of([[old.group], [match]] if old else [[match]])
            elif old:
                new = Type(lambda v, a=old, b=new: a.fits(v) or b.fits(v))
            self.rules[name], first = new, first or name
        return first

    def next(self, *wanted):
        kind, text, _ = self.tokens[self.at]
        found = kind in wanted or kind == "sign" and text in wanted
        self.at += found
        return (text or kind) if found else None

    def need(self, *wanted):
        got = self.next(*wanted)
        if not got:
            end = self.tokens[self.at][2]
            raise Broken(f"{self.text[:end][-60:]!r}: not {' or '.join(wanted)}")
        return got

    def group(self, end):
        choices = [[]]
        while not self.next(end):
            if self.next("//"):
                choices.append([])
            else:
                choices[-1].append(self.entry()[1])
                self.next(",")
        return first_of(choices)

    def entry(self):
        """Its type, if it is nothing but one, and its group."""
        occur = self.next("occur", "?", "+") or "1*1"
        low, high = {"?": "0*1", "+": "1*"}.get(occur, occur).split("*")
        low, high = int(low or 0), float(high or "inf")
        start, key, cut = self.tokens[self.at - 1][2], None, True
        kind, text, _ = self.tokens[self.at]
        if kind != "end" and self.tokens[self.at + 1][1] == ":":
            self.at += 2
            key, what = literal(kind, text), self.type()
        else:
            what, cut = self.type(), bool(self.next("^"))
            if self.next("=>"):
                key, what = what, self.type()
        text = " ".join(self.text[start:self.tokens[self.at - 1][2]].split())

        def match(take, left):
            group, n = not key and what.group, 0
            while n < high:
                after = group(take, left) if group else \
                    take(left, key, cut, what, text)
                if after is None or n >= low and after == left:
                    break
                left, n = after, n + 1
            return left if n >= low else None
        return None if key or occur != "1*1" else what, match

    def type(self):
        choices = [self.type1()]
        while self.next("/"):
            choices.append(self.type1())
        return choices[0] if len(choices) == 1 else \
            Type(lambda v: any(c.fits(v) for c in choices))

    def type1(self):
        left, how = self.type2(), self.next("..", "...", "control")
        if how and how not in CONTROLS:
            raise Broken(f"{how} is no operator here")
        first, right = left, how and self.type2()
        if how in ("..", "..."):
            first = Type(lambda v: type(v[2]) is type(left.value) and
                         left.value <= v[2])
        return Type(lambda v: first.fits(v) and CONTROLS[how](v, right)) \
            if how else left

    def type2(self):
        kind, text, _ = self.tokens[self.at]
        if self.next("number", "text", "bytes"):
            return literal(kind, text)
        for major, (begin, end) in (5, "{}"), (4, "[]"):
            if self.next(begin):
                return self.holder(major, self.group(end))
        if self.next("("):
            return enum(self.group(")"), True)
        if self.next("~"):
            return Lazy(lambda whole=self.type2(): whole.inside)
        if self.next("&"):
            return enum(self.group(")") if self.next("(") else self.type2())
        if self.next("major"):
            major, _, low = text[1:].partition(".")
            inside = self.type2() if self.tokens[self.at][1] == "(" else None
            return Type(lambda v: (not major or v[0] == int(major)) and
                        (not low or v[1] == int(low)) and
                        (not inside or inside.fits(v[2])), inside=inside)
        name = self.need("name")
        self.names.add(name)
        return Lazy(lambda: self.rules[name])


if __name__ == "__main__":
    try:
        with open(sys.argv[1], encoding="utf-8") as f:
            Schema(f.read()).check(sys.stdin.buffer.read(), *sys.argv[2:3])
    except (Broken, Mismatch, OSError) as e:
        print(f"cddl: {e}", file=sys.stderr)
        sys.exit(1 if isinstance(e, Mismatch) else 2)
