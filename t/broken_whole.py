"""Broken instances of the whole compile: ways out of files/, forged
placeholders, links, and what an environment's files are made of."""
from broken_world import BASE, FORM, OPEN, link, node, template

OUT = "leaves"
HOST_KEY = "files/nodes/a/ssh_host_ed25519_key.pub"


def exprs(*texts):
    """nodes/a.json with a line an expression."""
    return node(",\n ".join('"x%d": "= %s"' % it for it in enumerate(texts)))


def files(rows):
    """nodes/a.json with the property `files`."""
    return node('"files": {%s}' % rows)


def records(rows):
    """nodes/a.json with records of the zone."""
    return node('"dns": {"records": [%s]}' % rows)


def firewall(rules):
    """nodes/a.json with rules of the firewall."""
    return node('"firewall": {%s}' % rules)


def templates(*texts):
    """Files of nodes/a.json, each from a template of its own: a, b..."""
    texts = dict(zip("abcdefghijklmn", texts))
    return {**files(",\n ".join('"/%s": {"template": "%s"}' % (x, x) for x in texts)),
            **{"files/templates/" + x: text for x, text in texts.items()}}


def nodes(*texts):
    """nodes/a.json and so on, with what stands in them."""
    return {"nodes/%s.json" % "abcd"[i]: text for i, text in enumerate(texts)}


CASES = [
    # templates
    ("lines of templates that mean nothing",
     templates("% for ¶nodes in [1]\n% end\n", "% for x ¶of [1]\n% end\n",
               "% if true ¶then\n% end\n", "% if true\n% else\n¶% else\n% end\n", "¶% else\n",
               "¶%for x in [1]\n", "a\n¶%", "¶% end", "${name ¶name}", "${¶}", "${¶", "¶$",
               "% for x in ¶\n% end\n"),
     ["`nodes` has a meaning", "`of` stands", "`then` stands", "`% else` stands once",
      "this `% else` could end", "a line that begins", "a line that begins",
      "this `% end` could end", "`name` stands", "`}` stands", "ends where a value is wanted",
      "a dollar in a template", "ends where a value is wanted"]),
    ("templates of what is no text, no condition and no list",
     templates("${¶[1]}", "${¶null}", "${¶nodes}", "${¶{a: 1}}", "% if ¶1\n% end\n",
               "% if ¶null\n% end\n", "% for x in ¶null\n% end\n", "% for x in ¶{a: 1}\n% end\n",
               "% for x in ¶'abc'\n% end\n", "% for x in [1]\n% end\n${¶x}"),
     ["a list"] + ["null"] + ["set"] + ["an object"] + ["true or false"] * 2
     + ["takes a list or a set"] * 3 + ["no property `x`"]),
    ("a template nested 17 deep",
     template("% if true\n" * 16 + "¶% if true\n" + "% end\n" * 17), ["nested deeper than 16"]),
    ("a template nested 60,000 deep",
     template("% for x in [1]\n" * 16 + "¶" + "% for x in [1]\n" * 59984),
     ["nested deeper than 16"]),
    ("a template of more than 1 MiB", template("¶" + "x" * (1 << 20) + "\n"),
     ["at most 1048576 are read"]),
    ("a template that gives 2 MiB",
     template("¶% for x in [{0}]\n% for y in [{0}]\n{1}\n% end\n% end\n"
              .format(",".join("1" * 100), "y" * 200)), ["1048576 bytes"]),
    ("a template that goes 1,000 times 1,000 steps",
     template("¶% for x in [{0}]\n% for y in [{0}]\n% end\n% end\n"
              .format(",".join("1" * 1000))), ["more than 100000 steps"]),
    ("templates that use each other, and what they are given",
     {**exprs("template('u')", "template('u', ¶[1])", "template(¶1)", "¶template('none')"),
      "files/templates/u": "¶${template('v')}", "files/templates/v": "${template('u')}"},
     ["more than 64 values", "is an object", "is a text", "not found"]),

    # ways out of files/
    ("a source by /proc, by / and by many ..",
     {**files('"/a": {"source": ¶"/proc/self/environ"}, "/b": {"source": ¶"/etc/hostname"},\n'
              ' "/c": {"source": ¶"nodes/../../../../../etc/hostname"}'),
      "files/nodes/readme": ""}, [OUT] * 3),
    ("a template by /proc, by / and by ..",
     {**files('"/a": {"template": ¶"/proc/self/environ"}, "/b": {"template": ¶"/etc/hostname"},\n'
              ' "/c": {"template": ¶"../../../platform/templates/t"}'),
      "files/templates/t": "", "platform/templates/t": ""}, [OUT] * 3),
    ("a source outside by links of files and directories",
     {**files('"/a": {"source": ¶"passwd"}, "/b": {"source": ¶"etc/hostname"},\n'
              ' "/c": {"source": ¶"proc/environ"}'),
      "files/passwd": link("/etc/passwd"), "files/etc": link("/etc"),
      "files/proc": link("/proc/self")}, [OUT] * 3),
    ("templates outside by a link",
     {**files('"/t": {"template": ¶"hostname"}'), "files/templates": link("/etc")},
     ["symbolic link"]),
    ("files that are sent from outside, by a link and by ..",
     {**exprs("¶send('key')", "¶send('../Keepfile')", "¶fingerprint('../Keepfile')",
              "¶fingerprint('key')"), "files/key": link("../../key.pem")},
     [OUT, "no path beneath files/", OUT, OUT]),
    ("a source that is a directory, a pipe, or nothing",
     {**files('"/a": {"source": ¶"templates"}, "/b": {"source": ¶"pipe"},\n'
              ' "/c": {"source": ¶"none"}, "/d": {"source": ¶""}'),
      "files/templates/t": "", "files/pipe": ("pipe",)},
     ["not a regular file", "not a regular file", "not found", "a path below files/"]),
    ("files where none can be on a node",
     files('¶"/etc/../../x": {"text": ""}, ¶"/etc/a\\u0001b": {"text": ""},\n'
           ' ¶"/etc/./b": {"text": ""}, ¶"/": {"text": ""}, ¶"//x": {"text": ""},\n'
           ' ¶"": {"text": ""}, ¶"/%s": {"text": ""}, ¶"/x%s": {"text": ""}'
           % ("x" * 256, "/x" * 64)),
     ["no . and ..", "control characters", "no . and ..", "names a file", "single /",
      "begins with /", "at most 255 bytes", "at most 64 names"]),
    ("host keys outside by links",
     {HOST_KEY: link("/etc/hostname"), "files/nodes/b": link("/etc")},
     [HOST_KEY + ":0:0 leaves", "files/nodes/b:0:0 leaves"]),

    # forged placeholders
    ("placeholders in every layer",
     {"provider.json": '{"domain": "example.org", "description": ¶"<secret web>"}',
      "common.json": '{"x": ¶"a <secret web>"}',
      "services/web.json": '{"y": ¶"<hex secret web>"}',
      "tags/staging.json": '{"environment": "staging", "z": [¶"<sha256 secret web>"]}',
      "nodes/a.json": '{"ip_address": "10.0.0.1", "u": ¶"<keypair tls public>"}'}, [FORM] * 5),
    ("placeholders in the text of a file, its path and its command",
     files('"/a": {"text": ¶"<secret web>"}, "/<secret web>": ¶{"text": ""},\n'
           ' "/c": {"text": "", "on_change": ¶"echo <keypair tls>"}'), [FORM] * 3),
    ("placeholders that expressions put together",
     exprs("¶'<secret ${name}>'", "'<' + ¶'b64 secret web>'", "json(¶'<secret web>')",
           "sh(¶'<keypair k>')", "¶'<secret web>'.lower()", "['<secret web', '']¶.join('>')",
           "{a: ¶'<secret web>'}", "'<SECRET WEB>'¶.lower()", "'<sec-ret web>'.split('-')¶.join('')"),
     [FORM] * 9),
    ("a placeholder of what a template is given",
     {**exprs("template('t', {a: 'web'})"), "files/templates/t": "¶x <secret ${a}>"}, [FORM]),
    ("placeholders in files that are sent and read",
     {**exprs("¶send('s')", "¶file('r')", "template('r')", "¶file?('r')"),
      "files/s": "a\n<b64 secret web>", "files/r": "<keypair k fingerprint>",
      "files/templates/r": "¶<keypair k>"}, [FORM] * 4),
    ("a placeholder in what was drawn",
     {**exprs("¶randint('n', 1, 9)"), "picks/n": "<secret web>\n"}, ["picks/n holds"]),
    ("secrets where all can read them",
     {"provider.json": '{"domain": "example.org",\n "publish": {"x": ¶"= secret(\'web\')"}}',
      **records('{"name": "@", "type": "TXT", "value": ¶"= secret(\'web\')"}')},
     ["a record is public", "this is published"]),
    ("secrets in what a file is called, is of, and lets do",
     files('"/a": {"text": "", "owner": ¶"= secret(\'s\')", "mode": ¶"= secret(\'s\')"},\n'
           ' "/b": {"template": ¶"= secret(\'s\')"}, "/c": {"source": ¶"= \'a\' + secret(\'s\')"}'),
     ["a secret cannot be its owner", "a secret cannot be its mode",
      "a secret cannot be its template", "a secret cannot be its source"]),
    ("a secret that a template goes through", template("% for x in ¶secret('s')\n% end\n"),
     ["takes a list or a set"]),
    ("key pairs that steer",
     exprs("keypair('k', 'ed25519').private == ¶'x'", "len(¶keypair('k', 'ed25519').public)"),
     [OPEN] * 2),

    # links, and networks without a common family
    ("links between families that have nothing in common",
     nodes('{"ip_address": "10.0.0.1", "x": "= ¶link(nodes[name: [\'b\', \'c\']], 80)"}',
           '{"ip_address": "fd00::2", "y": "= ¶link(nodes[\'a\'], 81)"}',
           '{"ip_address": "10.0.0.3", "networks": {"lan": "fd00::3"}}'),
     ["a and b share no network", "b and a share no network"]),
    ("a rule of the firewall between families that have nothing in common",
     {**firewall('"x": {"from": ¶"b", "port": 80},\n "y": ¶{"from": "fd00::9", "port": 80}'),
      "nodes/b.json": '{"ip_address": "fd00::2"}'}, ["share no network", "no family in common"]),
    ("links to what is disabled, no node, and no port",
     {**exprs("link(nodes¶['c'], 80)", "link(nodes¶['nowhere'], 80)", "¶link(nodes['b'], 65536)",
              "link(nodes['b'], ¶'80')", "link(¶'b', 80)", "link(¶null, 80)"),
      "nodes/c.json": '{"ip_address": "10.0.0.3", "enabled": false}'},
     ["no node `c`", "no node `nowhere`", "65536 is no port", "an integer", "a node or a set",
      "a node or a set"]),
    ("what only nodes may do, in what is not of a node",
     {"provider.json": '{"domain": "example.org", "description": "= ¶link(nodes, 80)"}'},
     ["only a node has this"]),
    ("a template that links by what it learns of links",
     template("% for l in inbound()\n${¶link(nodes[l.from], 80)}\n% end\n")
     | {"nodes/b.json": '{"ip_address": "10.0.0.2", "x": "= link(nodes[\'a\'], 1)"}'},
     ["a relation cannot depend on inbound"]),

    # what an environment's files are made of, and who gets them
    ("files that an environment has not, and ways out",
     {**files('"/a": {"compiled": ¶"known_host"}, "/b": {"compiled": ¶"zones/example.net"},\n'
              ' "/c": {"compiled": ¶"../staging/hosts"}, "/d": {"compiled": ¶"/etc/passwd"}'),
      "nodes/b.json": '{"ip_address": "10.0.0.2", "tags": ["production"],\n'
                      ' "files": {"/fw": {"compiled": ¶"firewall"}}}'},
     ["compiled/default has no known_host", "has no zones/example.net", "has no ../staging/hosts",
      "has no /etc/passwd", "compiled/production has no firewall"]),
    ("files of an environment that no row can name",
     files('¶"/a": {"compiled": "hosts", "text": ""}, "/b": {"compiled": ¶1},\n'
           ' "/c": {"compiled": ¶"= secret(\'s\')"}, "/d": {"compiled": ¶""}'),
     ["more than one of text", "not integer", "a secret cannot be its compiled", "a path below"]),
    ("rules of the firewall of every kind of fault",
     firewall('"a": {"from": "*", "port": ¶0}, "b": {"from": "*", "port": ¶"90:80"},\n'
              ' "c": {"from": ¶"nowhere", "port": 1}, "d": {"from": "*", "to": ¶"x", "port": 1},\n'
              ' "e": ¶{"from": "*"}, "f": ¶{"port": 1}, "g": {¶"form": "*", "from": "*", "port": 1},\n'
              ' "h": ¶"*", "i": {"from": ["*", ¶1], "port": [1, ¶"1-2", ¶70000]}'),
     ["'port'", "'port'", "'from'", "'to'", "needs 'port'", "needs 'from'",
      "has no 'form'", "must be an object", "'from'", "'port'", "'port'"]),
    ("a firewall that is a list", node('"firewall": ¶[]'), ["firewall"]),
    ("records of every kind of fault",
     records('{"name": "x", "type": ¶"AA", "value": "10.0.0.1"},\n'
             ' {"name": ¶"www.example.net.", "type": "A", "value": "10.0.0.1"},\n'
             ' {"name": "x", "type": "A", "value": ¶"fd00::1"},\n'
             ' {"name": "x", "type": "AAAA", "value": ¶"10.0.0.1"},\n'
             ' {"name": "x", "type": "TXT", "value": "a", "ttl": ¶0},\n'
             ' {"name": ¶"x", "type": "MX", "value": "mail"}, ¶{"name": "x", "type": "A"},\n'
             ' ¶{}, ¶"x", {"name": ¶1, "type": "A", "value": "10.0.0.1", ¶"tll": 1}'),
     ["unknown type of record 'AA'", "no name in the zone", "an IPv4 address", "an IPv6 address",
      "'ttl' must be", "no address in the zone", "needs 'value'", "needs 'name'",
      "must be an object", "must be a text", "has no 'tll'",
      "nodes/a.json:8:2 needs 'type'"]),
    ("a fault of a record that all environments have",
     {"provider.json": '{"domain": "example.org",\n "dns": {"records": '
                       '[{"name": "x", "type": ¶"TXTT", "value": "x"}]}}',
      "services/web.json": '{"firewall": {"x": {"from": "*", "port": ¶0}}}'},
     ["unknown type", "'port'"]),
    ("expressions that fail in records and rules: no more than that is told",
     node('"dns": {"records": ["= ¶no.a", {"name": "= ¶no.b", "type": "= ¶no.c",\n'
          ' "value": "= ¶no.d", "ttl": "= ¶no.e"}]},\n'
          ' "firewall": {"x": {"from": "= ¶no.f", "to": "= ¶no.g", "port": "= ¶no.h"},\n'
          ' "y": "= ¶no.i", "z": {"from": "*", "port": [22, "= ¶no.j"]}}'),
     ["no property `no`"] * 10),
    ("a rule that takes its port from a file that is none",
     {BASE + "services/web.json": '{"web": {"port": 443}, "firewall": {\n'
                                  ' "web": {"from": "*", "port": "= web.port"}}}\n',
      "services/web.json": '{"web": {¶'},
     ["the end where a key"]),
    ("records that do not go together",
     records('{"name": ¶"x", "type": "CNAME", "value": "www.example.net."},\n'
             ' {"name": "x", "type": "A", "value": "10.0.0.1"},\n'
             ' {"name": "@", "type": "MX", "value": "10 x"},\n'
             ' {"name": ¶"@", "type": "CNAME", "value": "y"},\n'
             ' {"name": "z", "type": "A", "value": "10.0.0.1", "ttl": 60},\n'
             ' {"name": ¶"z", "type": "A", "value": "10.0.0.2", "ttl": 90}'),
     ["has a CNAME", "it may have nothing else", "two values of ttl",
      "nodes/a.json:5:11 own name may have no CNAME"]),
    ("host keys that are none",
     {HOST_KEY: "-----BEGIN OPENSSH PRIVATE KEY-----\n",
      "files/nodes/b/b_ssh.pub": "ssh-ed25519 AAAA\n",
      "files/nodes/b/ssh_host_rsa_key.pub": "", "files/nodes/b/ssh_host_x_key.pub": ("pipe",)},
     [HOST_KEY + ":0:0 no public key", "files/nodes/b/b_ssh.pub:0:0 no public key",
      "files/nodes/b/ssh_host_rsa_key.pub:0:0 no public key",
      "files/nodes/b/ssh_host_x_key.pub:0:0 not a regular file"]),
    ("names and settings that none can have",
     {"provider.json": '{"domain": "example.org", "dns": {"caa": [¶"a b"], "contact": ¶"me",\n'
                       ' "ttl": ¶-1}, "publish": ¶[]}',
      **node('"ssh": {"user": ¶"a b"}, "domain": {"full": ¶"a..b", "internal": ¶"-x"}')},
     ["no user's name", "must be a domain name", "must be a domain name", "those that may issue",
      "a mail address", "'ttl' must be", "must be an object"]),
    ("a domain that is none", {"provider.json": '{"domain": ¶"exa mple"}'}, ["no domain name"]),
    ("nodes of one name",
     {**node('"domain": {"full": "www.example.org"}'),
      "nodes/b.json": '{"ip_address": "10.0.0.2", "domain": {"full": ¶"www.example.org"}}'},
     ["has the name"]),
    ("what is published by an expression that fails",
     {"services/web.json": '{"web": {"x": 1}, "publish": {"a": "= ¶nix", "b": "= 1 / ¶0"}}',
      "provider.json": '{"domain": "example.org", "publish": {"c": "= ¶error(\'ouch\')"}}'},
     ["ouch", "nix", "division by zero"]),
]
