"""A good little instance, and parts of it that cases break."""

BASE = "platform/provider_base/"
GOOD = {
    "Keepfile": '{"platform": {"path": "platform"}, "signed": false}\n',
    "platform/platform.json": '{"version": "1"}\n',
    BASE + "provider.json": '{"domain": "REQUIRED", "languages": ["en"]}\n',
    BASE + "common.json": '{"ip_address": "REQUIRED",\n "ssh": {"port": 22},\n'
                          ' "location": {"name": "here"}}\n',
    BASE + "services/web.json":
        '''{"web": {"port": 443, "key": "= secret('web')",\n'''
        ''' "peers": "= peers[services: 'web'].field('ip_address')"}}\n''',
    BASE + "services/web.schema.json":
        '{"web.port": {"type": "int", "min": 1, "max": 65535},\n'
        ' "web.mode": {"type": "enum", "values": ["plain", "tls"]}}\n',
    "provider.json": '{"domain": "example.org"}\n',
    "tags/production.json": '{"environment": "production"}\n',
    "tags/staging.json": '{"environment": "staging"}\n',
    "files/motd": "hello\n",
    "nodes/a.json": '{"ip_address": "10.0.0.1", "services": ["web"]}\n',
    "nodes/b.json": '{"ip_address": "10.0.0.2", "tags": ["production"],\n'
                    ''' "note": "= randint('note', 1, 9)"}\n''',
    "nodes/c.json": '{"ip_address": "10.0.0.3", "tags": ["staging"],\n'
                    ' "services": ["web"]}\n',
}


def node(members, address="10.0.0.1"):
    """nodes/a.json of these members."""
    return {"nodes/a.json":
            '{"ip_address": "%s",\n %s}\n' % (address, members)}


def expr(text, more=""):
    """nodes/a.json with the expression `text` in x."""
    return node('"x": "= %s"%s' % (text, more))


def template(text):
    """A file of nodes/a.json from a template."""
    return {"files/templates/t": text,
            **node('"files": {"/t": {"template": "t"}}')}


def link(to):
    """A symbolic link."""
    return ("link", to)


CYCLE = "the value needs itself"
OPEN = "a secret cannot be used as"
FORM = "the form that stands for a secret"
NAME = "is no name of a node"
