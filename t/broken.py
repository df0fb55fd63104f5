"""Broken instances: `keep compile` refuses each with status 2, tells
every fault at its place, and changes no file.

Each case writes some files over a good little instance. `¶` in a text is no
part of it: there a fault must be told, whose message is like the next regex
of the case. "PATH:LINE:COLUMN REGEX" is a fault elsewhere. Nothing else may be
told as a fault. Prints a line a case, "pass TITLE" or "fail TITLE".
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys

import broken_whole
from broken_world import (BASE, CYCLE, FORM, GOOD, NAME, OPEN, expr, link, node,
                          template)

CASES = [
    # title, files, faults in the order of their places
    ("a comma too many", node('"x": 1¶,\n'), ["a comma stands before '}'"]),
    ("a file that ends in an object", {"nodes/a.json": '{"x": 1¶'},
     ["the end where ',' or '}' was"]),
    ("a text that does not end", node('"x": ¶"abc'), ["a text begins here and does not"]),
    ("a comment that does not end", node('¶/* "x": 1'),
     ["a comment begins here and does not"]),
    ("an escape that JSON has not", node('"x": "ab¶\\q"'), ["is no escape"]),
    ("half a surrogate pair", node('"x": "¶\\ud800"'), ["half a character"]),
    ("a number with a zero before it", node('"x": ¶01'), ["01 is no number"]),
    ("an integer of more than 64 bits", node('"x": ¶9223372036854775808'),
     ["no number of 64 bits"]),
    ("an empty file", {"nodes/a.json": "¶"}, ["the end where a value was expected"]),
    ("text behind the object", {"nodes/a.json": "{}¶{}"}, ["'{' where the end was expected"]),
    ("a NUL", node('"x": "a¶\0"'), ["control character 0x00"]),
    ("bytes that are not UTF-8", node('"x": "ä¶\udcff"'), ["byte 0xff is not UTF-8"]),
    ("broken syntax in three files",
     {"common.json": "{¶,}", "nodes/a.json": "{¶]",
      "tags/staging.json": "¶nul"},
     ["',' where a key", "']' where a key", "'nul' where a value"]),
    ("a file that holds a list", {"nodes/a.json": "¶[1]"},
     ["must hold an object, not list"]),
    ("nesting 100,000 deep",
     node('"x": ' + "[" * 31 + "¶" + "[" * 99969), ["more than 32"]),
    ("objects 100,000 deep, in a tag",
     {"tags/staging.json": '{"a":' * 32 + "¶" + '{"a":' * 99968}, ["more than 32"]),
    ("a key that is there twice", node('"x": 1,\n "y": 2, ¶"x": 3'),
     ['the key "x" stands here again']),
    ("keys that are there twice, in two files",
     {**node('"x": {"k": 1, ¶"k": 1}'), "common.json": '{"z": 1, ¶"z": 2}'},
     ['"z" stands', '"k" stands']),

    # values of a type that they may not have
    ("an address that is none", {"nodes/a.json": '{"ip_address": ¶"10.0.0.256"}'},
     ["ip_address.*IPv4 or IPv6 address"]),
    ("types that differ between layers", node('"ssh": {"port": ¶"22"}'),
     ["'ssh.port' is text here, but integer in .*common.json:2:18"]),
    ("four values out of their range or list",
     node('"ssh": {"port": ¶0}, "web": {"port": ¶65536, "mode": ¶"tsl"},\n'
          ' "services": ["web"], "location": {"country_code": ¶"Deutschland"}'),
     ["'ssh.port' is 0; it must be 1 to 65535", "'web.port' is 65536",
      "'web.mode' may not be 'tsl'", "country_code.*two letters like 'DE'"]),
    ("an element of a list that is wrong",
     node('"ip_addresses": ["fd00::1", ¶"fd00::g"]'), ["ip_addresses"]),
    ("an expression that gives another type than the property's",
     node('''"ssh": {"port": ¶"= 'a' + name"}'''), ["ssh.port.*integer"]),
    ("a node that may be enabled", node('"!enabled": ¶"yes"'),
     ["'enabled' must be true or false"]),
    ("a type that no schema has",
     {"services/web.schema.json": '{"web.port": {"type": ¶"integer"}}'},
     ["this is no type; bool int|this is no type"]),

    ("members of an object that its schema does not know",
     {"services/web.schema.json":
      '{"web.hosts": {"type": "object", "keys": "domain",\n'
      ' "members": {"root": {"type": "line"}}}}\n',
      **node('"services": ["web"], "web": {"hosts": {¶"a;b": {},\n'
             ' "a.org": {¶"rot": "/", "root": ¶"/;"}}}')},
     ["a name in 'web.hosts' must be a domain name, not 'a;b'",
      "'web.hosts' has no 'rot'", "one line without ; { }"]),

    # what is asked for and not there
    ("nodes that lack what is required",
     {"nodes/a.json": "{}", "nodes/b.json": "{}", "provider.json": "{}"},
     [BASE + "provider.json:1:12 'domain' of the provider is REQUIRED",
      BASE + "common.json:1:16 'ip_address' of node 'a' is REQUIRED",
      BASE + "common.json:1:16 'ip_address' of node 'b' is REQUIRED"]),
    ("a service and a tag that nobody knows",
     node('"services": ["web", ¶"wbe"],\n "tags": [¶"prodution"]'),
     ["no service 'wbe'", "no tag 'prodution'"]),
    ("a list that is taken from and is not there", node('"-admins": ¶["x"]'),
     ["'admins' has no older list"]),
    ("a property that the node has not", expr("¶ip_addres"),
     ["no property `ip_addres`"]),
    ("names that expressions cannot know",
     node('"x": "= ¶nothing", "y": "= ssh¶.prot",\n'
          ''' "z": ["= ¶foo(1)", "= 'a'¶.uper()", "= nodes¶.frist()"]'''),
     ["no property `nothing`", "`prot`", "foo", "uper", "frist"]),
    ("services that an expression cannot know",
     expr("services¶.webb", ', "y": "= tags¶.live"'), ["webb", "live"]),

    # cycles
    ("a value that needs itself", expr("¶x + 1"), [CYCLE + ": a: x .*-> a: x"]),
    ("three values that need each other",
     node('"x": "= y", "y": "= z", "z": "= x"'),
     ["nodes/a.json:2:34 " + CYCLE]),
    ("nodes that need each other",
     {**expr("nodes[x: 1].names()"),
      "nodes/b.json": '{"ip_address": "10.0.0.2",\n'
                      ' "x": "= nodes[x: 1].names()"}'}, ["nodes/a.json:2:10 " + CYCLE]),

    # addresses and names
    ("two nodes of one address",
     {"nodes/c.json": '{"ip_address": ¶"10.0.0.1"}'},
     ["node 'c' has the address 10.0.0.1 of node 'a' .nodes/a.json:1:16"]),
    ("three nodes of one address, by ways of their own",
     {"nodes/a.json": '{"ip_address": "10.0.0.1", "networks": {"n": "fd00::1"}}',
      "nodes/b.json": '{"ip_address": ¶"fd00:0:0::0001"}',
      "nodes/c.json": '{"ip_address": "10.0.0.3", "ip_addresses": [¶"= '
                      "'fd00::' + str(0 + 1)\"]}"},
     ["node 'b' has the address", "node 'c' has the address"]),
    ("two environments",
     {"nodes/a.json": '{"ip_address": "10.0.0.1",\n'
                      ' "tags": ["production", "staging"]}',
      "tags/staging.json": '{"environment": ¶"staging"}'},
     ["'staging' here, but 'production' in tags/production.json:1:17"]),
    ("nodes whose files have bad names",
     {"nodes/Web_1.json": "{}", "nodes/-a.json": "{}", "nodes/a b.json": "{}",
      "nodes/ü.json": "{}", "nodes/" + "a" * 64 + ".json": "{}"},
     ["nodes/Web_1.json:0:0 " + NAME, "nodes/-a.json:0:0 " + NAME,
      "nodes/a b.json:0:0 " + NAME, "nodes/ü.json:0:0 " + NAME,
      "nodes/" + "a" * 64 + ".json:0:0 " + NAME]),
    ("a node with the name of an environment",
     {"nodes/staging.json": '¶{"ip_address": "10.1.1.1"}'},
     ["name of the environment 'staging'"]),
    ("a file of a service with a bad name", {"services/a b.json": "{}"},
     ["services/a b.json:0:0 a name has"]),
    ("names of secrets and draws that are none",
     node('''"x": "= ¶secret('../up')", "y": "= ¶randint('A', 1, 2)",\n'''
          ''' "z": "= ¶pick('', nodes).name"'''),
     ["'../up' is no name", "'A' is no name", "'' is no name"]),

    # ways out of the instance
    ("a platform outside by ..",
     {"Keepfile": '{"platform": {"path": ¶"platform/../../other"}}'},
     ["must be relative and inside the instance"]),
    ("a platform outside by a link",
     {"Keepfile": '{"platform": {"path": "out"}}', "out": link("../other")},
     ["Keepfile:1:14 out leaves"]),
    ("a platform by an absolute path",
     {"Keepfile": '{"platform": {"path": ¶"/usr"}}'},
     ["must be relative and inside the instance"]),
    ("files outside by .. and by /",
     node('''"x": "= ¶file('../Keepfile')", "y": "= ¶file('/etc/hostname')"'''),
     ["leaves", "leaves"]),
    ("a file outside by a link",
     {**expr("¶file('passwd')"), "files/passwd": link("/etc/passwd")},
     ["leaves"]),
    ("files/ outside by a link",
     {**expr("¶file('passwd')"), "files": link("/etc")},
     ["symbolic link", "files/nodes:0:0 leaves"]),
    ("a file? outside by a link",
     {**expr("¶file?('passwd') ?? ''"), "files/passwd": link("../../passwd")},
     ["leaves"]),
    ("nodes that are links outside, one of them to nothing",
     {"nodes/a.json": link("/etc/hostname"),
      "nodes/b.json": link("../../../nothing"),
      "nodes/d.json": link("nothing")},
     ["nodes/a.json:0:0 ^leaves", "nodes/b.json:0:0 ^leaves",
      "nodes/d.json:0:0 no such"]),
    ("nodes/ outside by a link", {"nodes": link("/etc")},
     ["nodes:0:0 ^leaves"]),
    ("a tag outside by a link", {"tags/staging.json": link("/etc/hostname")},
     ["tags/staging.json:0:0 leaves"]),

    # budgets
    ("a text of 1 GiB by doubling",
     node('"s0": "= \'' + "x" * 1024 + ''''",\n''' + ",\n".join(
         '"s%d": "= s%d + s%d"' % (i, i - 1, i - 1) for i in range(1, 21))),
     ["nodes/a.json:13:17 more than 1048576 bytes"]),
    ("a list of 2^30 by doubling",
     node('"l0": [1], ' + ",\n".join(
         '"l%d": "= l%d + l%d"' % (i, i - 1, i - 1) for i in range(1, 31))),
     ["nodes/a.json:18:11 more than 100000 steps"]),
    ("a text of 1 GiB by join",
     expr("[%s].map(a: [%s].map(b: '%s')¶.join('')).join('')"
          % (",".join("1" * 200), ",".join("1" * 200), "y" * 8192)),
     ["1048576 bytes"]),
    ("a node of more than 64 MiB",
     node('"s": "= [' + ",".join("1" * 1000) + "].map(a: '" + "y" * 1000
          + "').join('')\"" + "".join(
              ''',\n "t%d": "= s + '%d'"''' % (i, i) for i in range(70))),
     ["nodes/a.json:35:12 more than 64 MiB"]),
    ("1,000 times 1,000 steps",
     expr("¶[%s].map(a: [%s].map(b: a + b))"
          % (",".join("1" * 1000), ",".join("1" * 1000))),
     ["more than 100000 steps"]),
    ("65 values that need each other",
     node(",\n".join('"d%d": "= d%d"' % (i, i + 1) for i in range(70))
          + ', "d70": 1'), ["nodes/a.json:65:11 more than 64 values"]),
    ("an expression of more than 64 KiB",
     expr("¶" + "!" * 65536 + "true"), ["65540 bytes; at most 65536"]),
    ("expressions 20,000 deep, of every kind",
     {"nodes/d%d.json" % i:
      '{"ip_address": "10.1.0.%d",\n "x": "= %s¶%s"}'
      % (i, begin * 64, begin * 19936)
      for i, begin in enumerate(("(", "[", "{a:", "'${", "1+(", "1?"), 1)},
     ["nested deeper than 64"] * 6),

    # secrets
    ("secrets that steer",
     node('''"a": "= ¶secret('s') ? 1 : 2",\n'''
          '''"b": "= secret('s') == ¶'x'", "c": "= 'x' < ¶secret('s')",\n'''
          '''"d": "= self[¶secret('s')]", "e": "= [1][¶secret('s')]",\n'''
          '''"f": "= len(¶secret('s'))", "g": "= secret('s')¶.upper()",\n'''
          '''"h": "= secret('s') in ¶['x']", "i": "= nodes[name: ¶secret('s')]",\n'''
          '''"j": "= file(¶secret('s'))", "k": "= secret('s')¶.split('-')"'''),
     [OPEN] * 11),
    ("a secret that steers by way of another value",
     node('''"x": "= 'a' + secret('s')", "y": "= x == ¶'a'"'''), [OPEN]),
    ("hashes of a secret with text around it",
     node('''"x": "= ¶sha256('a' + secret('s'))", "y": "= ¶b64('a${secret('s')}')"'''),
     ["joined with text"] * 2),
    ("placeholders that somebody wrote",
     node('"x": ¶"<secret web>", "y": [¶"a<keypair k>b"], "z": ¶"<b64 secret web>",\n'
          ' "u": ¶"<sha256 secret web>", "v": ¶"<hex secret web>"'), [FORM] * 5),
    ("a placeholder that is put together",
     node('''"x": "= '<sec' + ¶'ret web>'", "y": "= ['<secret', 'web>']¶.join(' ')",\n'''
          ''' "z": "= ¶'<sec${'ret'} web>'"'''),
     [FORM] * 3),
    ("a placeholder in a file",
     {**expr("¶file('motd')"), "files/motd": "a <secret web>\n"}, [FORM]),
    ("a placeholder in a key", node('"<secret web>": ¶1'), [FORM]),

    # what an expression does wrong
    ("expressions of broken syntax",
     node('''"a": "= 1 +¶", "b": "= ¶", "c": "= (1¶", "d": "= ¶'x", "e": "= 1 ¶2",\n'''
          '"f": "= a.¶1", "g": "= [1,¶]", "h": "= ¶@", "i": "= 1 ? 2¶"'),
     ["ends where a value", "ends where a value", "ends where `\\)`",
      "has no end", "`2` stands where the end", "name of a member", "`]` stands", "`@` stands",
      "`:` of `a . b : c`"]),
    ("operators that cannot take that",
     node('''"a": "= 1 + ¶'x'", "b": "= ¶-'x'", "c": "= !¶1", "d": "= 1 / ¶0",\n'''
          '"e": "= 9223372036854775807 + ¶1", "f": "= ¶1 ? 2 : 3", "g": "= true && ¶1"'),
     ["`\\+` cannot take an integer and a text", "- takes an integer",
      "a condition is true or false", "division by zero", "64 bits",
      "a condition is true or false", "&& takes true or false"]),
    ("functions that cannot take that",
     node('''"a": "= ¶len()", "b": "= ¶int('x')", "c": "= ¶randint('r', 2, 1)",\n'''
          '''"d": "= ¶error('ouch')", "e": "= ¶assert(1 > 2, 'odd')", "f": "= [1].map(¶1)"'''),
     ["0 arguments", "no integer", "2 is more than 1", "ouch", "odd", "x: expr"]),
    ("files that cannot be read as text",
     {**node('''"a": "= ¶file('none')", "b": "= ¶file('bytes')", "c": "= ¶file('')"'''),
      "files/bytes": "\udcff\n"}, ["not found", "not UTF-8", "not found"]),
    ("a draw that is another range elsewhere",
     expr("¶randint('note', 100, 200)"), ["picks/note holds"]),
    ("keys of no type, and files that are none",
     node('''"a": "= ¶keypair('k', 'dsa')", "b": "= ¶keypair('K', 'rsa2048')",\n'''
          '''"c": "= ¶send('none')", "d": "= ¶send('../motd')", "e": "= ¶fingerprint('motd')"'''),
     ["'dsa' is no type", "'K' is no name", "files/none: not found", "no path beneath files/",
      "no certificate"]),
    ("links to nowhere",
     node('''"a": "= link(nodes¶['d'], 80)", "b": "= ¶link(peers, 0)", "c": "= link(¶[1], 80)"'''),
     ["no node `d`", "0 is no port", "`node or set` is a node or a set"]),
    ("a link between networks that have nothing in common",
     {**expr("¶link(nodes['b'], 80)"), "nodes/b.json": '{"ip_address": "fd00::2"}'},
     ["a and b share no network"]),
    ("a link that depends on links",
     node('''"x": "= inbound().count() > 0 ? {} : ¶link(nodes, 80)"'''),
     ["a relation cannot depend on inbound"]),
    ("a value that needs itself by way of links",
     node('''"x": "= ¶inbound().map(e: nodes[e.from].x)", "y": "= link(self, 1)"'''), [CYCLE]),
    ("a fault of another node than those that ask for links",
     {**node('"x": "= inbound()", "y": "= hosts()"'),
      "nodes/b.json": '{"ip_address": "10.0.0.2", "y": "= 1 / ¶0"}'}, ["division by zero"]),
    ("a Keepfile without a platform", {"Keepfile": "¶{}"},
     ["'platform' needs either"]),

    # faults of every kind at once, and nothing that follows from them
    ("a file of broken syntax, and faults of values elsewhere",
     {"nodes/b.json": '{"ip_address": "10.0.0.2"¶,}',
      "nodes/a.json": '{"ip_address": "10.0.0.1", "ssh": {"port": ¶0},\n'
                      ' "x": "= 1 / ¶0", "y": "= ¶nothing"}',
      "nodes/d.json": '{"ip_address": ¶"10.0.0.1"}'},
     ["'ssh.port' is 0", "division by zero", "no property `nothing`",
      "a comma stands before", "node 'd' has the address"]),
    ("a node of broken syntax, which a query may have found,",
     {"nodes/b.json": "{¶]",
      "nodes/a.json": '{"ip_address": "10.0.0.1",\n'
                      ''' "x": "= nodes[services: 'dns'].first().name",\n'''
                      ''' "y": "= peers['b'].note", "z": "= ¶error('ouch')"}'''},
     ["ouch", "']' where a key"]),
    ("a node of broken syntax, and those that may have links to it,",
     {"nodes/b.json": "{¶]",
      "nodes/a.json": '{"ip_address": "10.0.0.1",\n'
                      ''' "x": "= inbound()[0].port", "y": "= hosts()['b'][0]",\n'''
                      ''' "z": "= link(nodes[services: 'web'], 1)['c_1'].host",\n'''
                      ' "ssh": {"port": ¶0}}'},
     ["'ssh.port' is 0", "']' where a key"]),
    ("a value that fails beside links",
     {"nodes/a.json": '{"ip_address": "10.0.0.1", "x": "= inbound()",\n'
                      ' "y": "= 1 / ¶0", "location": {"country_code": ¶"x"}}',
      "nodes/b.json": '{"ip_address": "10.0.0.2",\n'
                      ''' "x": "= link(nodes[name: 'a'], 1)", "y": "= ¶nix"}'''},
     ["division by zero", "country_code", "no property `nix`"]),
    ("a service of broken syntax, and what needs it,",
     {"services/db.json": '{"db": ¶nul}',
      "nodes/a.json": '{"ip_address": "10.0.0.1", "services": ["db"],\n'
                      ' "x": "= db.port + 1", "y": "= services.db.db.port",\n'
                      ' "-more": ["x"], "ssh": {"port": ¶70000}, "z": "= 1 +¶"}',
      "nodes/b.json": '{"ip_address": ¶"10.0.0", "tags": ["production"],\n'
                      ' "x": "= services.db.db.port"}'},
     ["'ssh.port' is 70000", "ends where a value", "IPv4 or IPv6", "'nul'"]),
    ("a tag of broken syntax, which may set an environment,",
     {"tags/staging.json": "¶[]",
      "nodes/a.json": '{"ip_address": "10.0.0.1",\n'
                      ' "x": "= peers.first().x", "y": "= 1 / ¶0"}',
      "tags/production.json": '{"environment": "production", "t": "= ¶noted"}'},
     ["division by zero", "no property `noted`",
      "must hold an object, not list"]),
    ("a service and a tag that nobody knows, with more in the node,",
     {"nodes/a.json": '{"ip_address": ¶"10.0.0", "services": ["web", ¶"wbe"],\n'
                      ' "tags": [¶"prodution"], "x": "= wbe.port",\n'
                      ''' "y": "= ¶foo(1)", "z": "= ¶secret('../up')"}'''},
     ["IPv4 or IPv6", "no service 'wbe'", "no tag 'prodution'", "foo",
      "'../up' is no name"]),
    ("a node that lacks what is required, and what needs it,",
     {"nodes/a.json": '''{"x": "= ip_address.split('.')[1]", "y": "= ¶error('e')"}''',
      "nodes/c.json": '{"ip_address": "10.0.0.3", "tags": ["staging"],\n'
                      ''' "x": "= nodes[name: 'a'].first().ip_address + 1",\n'''
                      ' "ssh": {"port": ¶-1}}'},
     [BASE + "common.json:1:16 'ip_address' of node 'a' is REQUIRED",
      "a: y: e", "'ssh.port' is -1"]),
    ("a REQUIRED value of a service that another node asks for",
     {"services/db.json": '{"db": {"port": ¶"REQUIRED"}}',
      **expr("services.db.db.port")}, ["a: services.db.db.port: .* REQUIRED"]),
    ("a type that differs, and what needs the value,",
     {"nodes/a.json": '{"ip_address": "10.0.0.1", "ssh": {"port": ¶"22"},\n'
                      ' "x": "= ssh.port + 1", "y": "= 1 / ¶0", "z": "= ssh"}'},
     ["'ssh.port' is text here", "division by zero"]),
    ("expressions that fail beside values that are wrong",
     node('''"x": "= ¶error('ouch')", "web": "= ¶error('web')",\n'''
          ''' "services": ["web"], "location": {"country_code": ¶"de"},\n'''
          ''' "ip_addresses": ["= ¶error('ip')", ¶"none"]'''),
     ["ouch", "web", "country_code", "ip", "ip_addresses"]),
    ("a broken provider.json, and what needs it,",
     {"provider.json": "{¶",
      "nodes/a.json": '{"ip_address": "10.0.0.1", "x": "= provider.domain",\n'
                      ' "y": "= env.provider.domain", "z": "= 1 / ¶0"}'},
     ["division by zero", "the end where a key"]),
    ("a broken description of a service's properties",
     {"services/web.schema.json": "{¶",
      "nodes/a.json": '{"ip_address": ¶"x", "services": ["web"],\n'
                      ' "web": {"port": 0}}'},
     ["IPv4 or IPv6", "the end where a key"]),
    ("services/ that cannot be read",
     {"services": link("/etc"),
      "nodes/b.json": '{"ip_address": "10.0.0.2", "services": ["db"],\n'
                      ' "ssh": {"port": ¶0}}'},
     ["services:0:0 ^leaves", "'ssh.port' is 0"]),
    ("a fault of a service, which all of its nodes have,",
     {"services/web.json": '{"a": "= 1 / ¶0", "b": "= name + ¶2",\n'
                           ''' "c": "= ¶'x' + c", "!web": {"mode": ¶"odd"}}'''},
     ["^a and 1 more: a: 1 / 0: division by zero",
      "^a and 1 more: b: ", "^a and 1 more: c: the value needs itself",
      "^'web.mode' may not be 'odd'"]),
    ("a dollar alone in a template", template("a\nb ¶$x\n"), ["a dollar in a template is"]),
    ("a loop of a template without an end", template("ä\n¶% for n in nodes\n"),
     ["`% for` has no `% end`"]),
    ("an end of a template that ends nothing", template("x\n¶% end\n"),
     ["nothing that this `% end`"]),
    ("a control line that is none", template("¶% while true\n% end\n"),
     ["a line that begins with %"]),
    ("a template that ends in an expression", template("x ${ip_address + ¶"),
     ["ends where a value is wanted"]),
    ("a template that asks for what is not there", template("% if true\n${¶prot}\n% end\n"),
     ["the node has no property `prot`"]),
    ("a template that asks what a secret is",
     template("% if secret('db') == ¶'x'\n% end\n"), [OPEN]),
    ("a forged secret in a template", template("a\n ¶<secret db>"), [FORM]),
    ("a secret that a template forges", template("¶<secret ${'db'}>"), [FORM]),
    ("a template that is not UTF-8", template("¶a \udcff"), ["not UTF-8"]),
    ("a template that uses itself", template("¶${template('t')}"), ["more than 64 values"]),
    ("a template of all nodes that fails",
     {"common.json": '{"files": {"/t": {"template": "t"}}}',
      "files/templates/t": "${¶nosuch}"}, ["a and 2 more: .*`nosuch`"]),
    ("a template that leads elsewhere",
     {"files/templates/t": link("../../Keepfile"),
      **node('"files": {"/t": {"template": ¶"t"}}')}, ["leaves its directory"]),
    ("a template that is not there", node('"files": {"/t": {"template": ¶"t"}}'),
     ["files/templates/t: not found"]),
    ("a source outside of files/", node('"files": {"/t": {"source": ¶"../Keepfile"}}'),
     ["leaves its directory"]),
    ("a forged key in a source",
     {"files/s": "\udcff\n ¶<keypair tls>", **node('"files": {"/s": {"source": "s"}}')}, [FORM]),
    ("a file in a file", node('"files": {"/a/b": ¶{"text": ""}, "/a": {"text": ""}}'),
     ["/a is a file"]),
    ("files at places that none can have",
     node('"files": {¶"a": {"text": ""}, ¶"/a/../b": {"text": ""}, ¶"/b/": {"text": ""}}'),
     ["begins with /", "no . and ..", "single /"]),
    ("a file of nothing, and one of too much",
     node('"files": {¶"/a": {"mode": "0644"},\n ¶"/b": {"text": "", "source": "motd"}}'),
     ["it needs text", "more than one of text"]),
    ("a file whose owner and mode are none",
     node('"files": {"/a": {"text": "", "owner": ¶"no one",\n "mode": ¶644}}'),
     ["the name of a user", "octal digits"]),
]


def place(text, at):
    """LINE:COLUMN of the character at `at`."""
    line = text.count("\n", 0, at) + 1
    return "%d:%d" % (line, at - text.rfind("\n", 0, at))


def unmark(path, text):
    """The text without ¶, and the places where they stood."""
    parts = text.split("¶")
    bare, places = "".join(parts), []
    at = 0
    for part in parts[:-1]:
        at += len(part)
        places.append(path + ":" + place(bare, at))
    return bare, places


def put(root, path, text):
    """Makes or removes one file."""
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)
    if text == ("pipe",):
        os.mkfifo(path)
    elif isinstance(text, tuple):
        os.symlink(text[1], path)
    elif text is not None:
        with open(path, "wb") as f:
            f.write(text.encode("utf-8", "surrogateescape"))


def tree(root):
    """What every file below root is; of .keep/, a cache, only the names."""
    all_of = {}
    for folder, dirs, files in os.walk(root):
        for name in dirs + files:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                all_of[path] = os.readlink(path)
            elif "/.keep/" in path:
                all_of[path] = "cache"
            elif os.path.isfile(path):
                with open(path, "rb") as f:
                    all_of[path] = hashlib.sha256(f.read()).hexdigest()
    return all_of


def faults(errors):
    """(place, message) of each fault that was told, in order of place. What
    is wrong with a whole file has no line."""
    found = re.findall(r"^(?!keep: |  hint: )(.*?)(:\d+:\d+)?: (.*)$", errors,
                       re.M)
    return sorted((path + (line or ":0:0"), text) for path, line, text in found)


def expected(files, likes):
    """(place, regex) of each fault that must be told."""
    marks = [m for path in sorted(files) if isinstance(files[path], str)
             for m in unmark(path, files[path])[1]]
    rest, found = [], []
    for like in likes:
        m = re.match(r"(\S.*?:\d+:\d+) (.*)", like)
        if m:
            found.append(m.groups())
        else:
            rest.append(like)
    rest += ["one regex a mark"] * (len(marks) - len(rest))
    return sorted(found + list(zip(marks, rest)))


def differs(want, got):
    """Why the faults are other than wanted; None when they are not."""
    if [w[0] for w in want] != [g[0] for g in got] or not all(
            re.search(w[1], g[1]) for w, g in zip(want, got)):
        return "wanted %s\ngot %s" % (
            "\n       ".join(map(str, want)),
            "\n    ".join("%s: %.200s" % g for g in got))
    return None


def compile_(root):
    """Runs `keep compile` there."""
    return subprocess.run(["keep", "-C", root, "compile"], timeout=60,
                          capture_output=True, check=False, text=True,
                          errors="backslashreplace")


def trial(files, likes):
    """Why a broken instance is not refused as it should be, or None."""
    shutil.rmtree("broken", ignore_errors=True)
    shutil.copytree("good", "broken", symlinks=True)
    for path, text in files.items():
        if isinstance(text, str):
            text = unmark(path, text)[0]
        put("broken", path, text)
    before = tree("broken")
    done = compile_("broken")
    if done.returncode != 2:
        return "status %d\n%.2000s" % (done.returncode, done.stderr)
    if tree("broken") != before:
        return "files changed: %s" % sorted(
            set(tree("broken").items()) ^ set(before.items()))
    return differs(expected(files, likes), faults(done.stderr))


def main():
    """Tries all cases, or those with a word of the arguments in their title."""
    for path, text in GOOD.items():
        put("good", path, text)
    done = compile_("good")
    assert done.returncode == 0, done.stderr
    cases = [c for c in CASES + broken_whole.CASES
             if not sys.argv[1:] or any(a in c[0] for a in sys.argv[1:])]
    for title, files, likes in cases:
        why = trial(files, likes)
        print("%s %s is refused" % ("fail" if why else "pass", title))
        if why:
            print(re.sub("^", "#   ", why, flags=re.M), file=sys.stderr)


if __name__ == "__main__":
    main()
