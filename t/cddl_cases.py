"""The examples of RFC 8610, and items that they do not describe.

A case: title, CDDL, items that fit, items that do not. An item is a value of
Python, or raw("hex"). Prints a line for each, "pass TITLE" or "fail TITLE".
"""
import cbor2
import cddl


class raw(bytes):
    """Encoded by hand."""

    def __new__(cls, text):
        return bytes.__new__(cls, bytes.fromhex(text))


TAG, UNDEFINED = cbor2.CBORTag, cbor2.undefined
PERSON = {"age": 33, "name": "Ada", "employer": "Acme"}
CASES = [
    # title, CDDL, items that fit, items that do not
    ("2.1: members of a map", "person = {age: int, name: tstr, employer: tstr}",
     [PERSON, {"name": "Bob", "employer": "", "age": -1}],
     [{**PERSON, "age": "33"}, {**PERSON, "x": 1}, {"age": 1, "name": "Ada"}, [], 7,
      {**PERSON, "age": 33.0}, {**PERSON, "age": True}]),
    ("2.1.1: a group is put into several maps",
     """person = {identity, employer: tstr}  dog = {identity, leash-length: float}
     identity = (age: int, name: tstr)""",
     [PERSON], [{"age": 4, "name": "Rex", "leash-length": 1.5}]),
    ("2.1.2: what may be left out, in any number",
     """apartment = {kitchen: size, * bedroom: size}
     size = float ; in m2""",
     [{"kitchen": 9.5}, {"kitchen": 9.5, "bedroom": 12.25}],
     [{"bedroom": 12.25}, {"kitchen": 9}, {"kitchen": 9.5, "bedroom": 12},
      {"kitchen": 9.5, "bath": 4.5}]),
    ("2.2: people, one or two of them",
     "one-or-two = [1*2 person]  person = (name: tstr, age: uint)",
     [["Ada", 33], ["Ada", 33, "Bob", 0]],
     [[], ["Ada"], ["Ada", 33, "Bob"], ["Ada", -1], ["A", 1, "B", 2, "C", 3]]),
    ("2.2: at least one", "some = [+ tstr]", [["a"], ["a", "b"]], [[], ["a", 1]]),
    ("2.2: at least two", "some = [2* tstr]", [["a", "b"], ["a"] * 9], [["a"]]),
    ("2.2: at most two", "some = [*2 tstr]", [[], ["a", "b"]], [["a"] * 3]),
    ("2.2.2: choices of values, and one more",
     """attire = "bow tie" / "necktie" / "Internet attire"
     attire /= "swimwear" """,
     ["necktie", "swimwear"], ["tie", b"necktie", ["necktie"], None]),
    ("2.2.2: choices of numbers", "protocol = 6 / 17", [6, 17], [7, -6, 6.0, "6"]),
    ("2.2.2: choices of groups, and one more",
     """address = {delivery}
     delivery = (street: tstr, ? number: uint, city // po-box: uint, city //
                 per-pickup: true)
     city = (name: tstr, zip-code: uint)
     delivery //= (lat: float, long: float)""",
     [{"street": "Hay", "number": 4, "name": "Ulm", "zip-code": 1},
      {"po-box": 5, "name": "Ulm", "zip-code": 1}, {"per-pickup": True},
      {"lat": 1.5, "long": 2.5}],
     [{"street": "Hay", "number": 4}, {"per-pickup": False}, {},
      {"po-box": 5, "name": "Ulm", "zip-code": 1, "street": "Hay"}, {"lat": 1.5}]),
    ("2.2.2.1: a range with its end", "byte = 0..max  max = 255",
     [0, 255], [256, -1, 1.0, "0"]),
    ("2.2.2.1: a range without it", "byte = 0...256", [0, 255], [256, -1]),
    ("2.2.2.1: a range of floats", "share = 0.0..1.0", [0.0, 0.5, 1.0], [1.5, 1, -0.5]),
    ("2.2.2.2: the values of a group",
     """color = &colors  colors = (black: 0, red: 1, "dark green": 2)""",
     [0, 2], [3, "red", [0]]),
    ("2.2.2.2: and of one in place", "color = &(colors, blue: 7) colors = (black: 0)",
     [0, 7], [1]),
    ("2.2.3: tags",
     """breakfast = #6.55799(cereal / porridge)  cereal = #6.998(tstr)
     porridge = #6.999([liquid, solid])  liquid = milk / water  milk = 0  water = 1
     solid = tstr""",
     [TAG(55799, TAG(998, "oats")), TAG(55799, TAG(999, [1, "rice"]))],
     [TAG(998, "oats"), TAG(55799, TAG(997, "oats")), TAG(55799, TAG(999, [2, "rice"])),
      TAG(55799, "oats"), TAG(55799, TAG(998, b"oats"))]),
    ("3.4: arrays as records",
     """geography = [city: tstr, gps]  gps = {longitude: uint, latitude: uint}""",
     [["Ulm", {"longitude": 1, "latitude": 2}]],
     [["Ulm"], [{"longitude": 1, "latitude": 2}, "Ulm"],
      {"city": "Ulm"}, ["Ulm", {"longitude": 1, "latitude": 2}, 3]]),
    ("3.5.1: keys are texts, too, and may be left out",
     """samples = {sample-point: int, samples: [+ float], ? "equipment-type" => tstr}""",
     [{"sample-point": 1, "samples": [1.5]},
      {"sample-point": 1, "samples": [1.5], "equipment-type": "x"}],
     [{"sample-point": 1, "samples": []},
      {"sample-point": 1, "samples": [1.5], "equipment-type": 3}]),
    ("3.5.1: keys of any type", "m = {1: tstr, -2 => bstr, true => int, [1] => 3}",
     [raw("a4016161214100f505810103")], [{1: "a", -2: b"", True: 5}]),
    ("3.5.2: tables", "roots = {* int => float}", [{}, {1: 1.0, -4: 2.5}],
     [{1: 1}, {"1": 1.0}, {1.5: 1.0}]),
    ("3.5.2: tables of two types", "names = {* key => tstr}  key = int / float",
     [{1: "one", 1.5: "more"}], [{b"1": "one"}, {1: 1}]),
    ("3.5.4: without a cut a wrong value is something else",
     """m = {? "known" => int, * tstr => any}""",
     [{"known": 1}, {"known": "x"}, {"x": "y"}], [{1: 2}]),
    ("3.5.4: with a cut it is wrong", """m = {? "known" ^ => int, * tstr => any}""",
     [{"known": 1, "x": "y"}, {"x": "y"}], [{"known": "x"}, {"known": None}]),
    ("3.5.4: a colon cuts", "m = {? known: int, * any => any}",
     [{"known": 1}, {}, {4: 5}], [{"known": "x"}]),
    ("3.7: a header inside of another",
     """advanced = [~basic, field3: bytes, field4: ~time]
     basic = [field1: int, field2: text]""",
     [[1, "a", b"", 5], [1, "a", b"", 1.5]],
     [[[1, "a"], b"", 5], [1, "a", b""], [1, "a", b"", TAG(1, 5)]]),
    ("3.8.1: sizes of bytes",
     """address = [[+ label], ip4, ip6]  ip4 = bstr .size 4  ip6 = bstr .size 16
     label = bstr .size (1..63)""",
     [[[b"www"], bytes(4), bytes(16)]],
     [[[b""], bytes(4), bytes(16)], [[b"w" * 64], bytes(4), bytes(16)],
      [[b"www"], bytes(5), bytes(16)], [["www"], bytes(4), bytes(16)]]),
    ("3.8.1: sizes of numbers and of texts", "a = [uint .size 3, tstr .size 2]",
     [[0xffffff, "ä"]], [[0x1000000, "ä"], [0, "a"], [-1, "ab"]]),
    ("3.8.3: patterns", r"""nai = tstr .regexp "[A-Za-z0-9]+@[a-z0-9]+(\\.[a-z0-9]+)+" """,
     ["N1@ch.example"], ["N1@ch", " N1@ch.example", 5]),
    ("3.8.4: encoded items", "m = bytes .cbor [int, tstr]",
     [cbor2.dumps([1, "a"])],
     [cbor2.dumps([1, 2]), b"", cbor2.dumps([1, "a"]) * 2, cbor2.dumps([1, "a"])[:-1],
      [1, "a"]]),
    ("3.8.4: sequences of them", "m = bytes .cborseq [* int]",
     [b"", b"\1\2"], [b"\1\x61a", b"\x18"]),
    ("3.8.5: two types at once", "m = short .and [2*2 any]  short = [tstr, * int]",
     [["a", 1]], [["a"], ["a", 1, 2], [1, 2]]),
    ("3.8.6: limits of numbers", "speed = number .ge 0", [0, 1.5], [-1, -0.5, "0"]),
    ("3.8.6: a default is a type", """timer = {time: uint, ? step: stepping .default 1}
     stepping = number .gt 0""", [{"time": 1}, {"time": 1, "step": 2}],
     [{"time": 1, "step": 0}]),
    ("3.8.6: another value", """m = int .ne 0""", [1, -1], [0, "1"]),
    ("3.10: each of the prelude", "m = [bool, nil, undefined, float32, tdate, biguint]",
     [[True, None, UNDEFINED, raw("fa3fc00000"), TAG(0, "x"), TAG(2, b"\1")]],
     [[1, None, UNDEFINED, raw("fa3fc00000"), TAG(0, "x"), TAG(2, b"\1")],
      [True, UNDEFINED, UNDEFINED, raw("fa3fc00000"), TAG(0, "x"), TAG(2, b"\1")],
      [True, None, None, raw("fa3fc00000"), TAG(0, "x"), TAG(2, b"\1")],
      [True, None, UNDEFINED, 1.5, TAG(0, "x"), TAG(2, b"\1")],
      [True, None, UNDEFINED, raw("fa3fc00000"), TAG(1, "x"), TAG(2, b"\1")]]),
    ("A: a choice that fits first is taken", "m = [? int, int]", [[1, 2]], [[1]]),
    ("A: a repetition takes what it can", "m = [* int, int]", [], [[1], [1, 2]]),
    ("8949: what is no CBOR at all", "m = any", [raw("f7"), raw("1900ff")],
     [raw(""), raw("ff"), raw("18"), raw("61"), raw("61ff"), raw("8101ff"),
      raw("0001"), raw("1c"), raw("a1"), raw("a201020103"), raw("9f01ff"), raw("bf0102ff"),
      raw("81ff")]),
    ("a struct inside itself", "tree = {0: tstr, ? 1: [* tree]}",
     [{0: "a", 1: [{0: "b"}, {0: "c", 1: []}]}],
     [{0: "a", 1: [{0: "b", 1: [{0: 5}]}]}, {0: "a", 1: [{}]}]),
]
BROKEN = ["a = ", "a = [int", "a = {1: }", "a = nothing", "a = 5 b = ", "a = int .nice 4",
          "= 5", "a = 5 a = 6", "a = \"x", "a = int !"]


def bytes_of(item):
    """Its CBOR, where raw() stands inside it, too."""
    if isinstance(item, raw):
        return bytes(item)
    if isinstance(item, list) and len(item) < 24:
        return bytes([0x80 + len(item)]) + b"".join(map(bytes_of, item))
    return cbor2.dumps(item)


def fits(schema, item):
    try:
        schema.check(item)
    except cddl.Mismatch:
        return False
    return True


def say(good, title):
    print("pass" if good else "fail", title)


for title, text, right, wrong in CASES:
    schema = cddl.Schema(text)
    for item in map(bytes_of, right):
        say(fits(schema, item), f"{title}: {item.hex()} fits")
        say(not any(fits(schema, item[:n]) for n in range(len(item))),
            f"{title}: {item.hex()} does not, cut anywhere")
    for item in map(bytes_of, wrong):
        say(not fits(schema, item), f"{title}: {item.hex()} does not")
for text in BROKEN:
    try:
        cddl.Schema(text)
        say(False, f"{text!r} is no CDDL")
    except cddl.Broken:
        say(True, f"{text!r} is no CDDL")
