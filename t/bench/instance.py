#!/usr/bin/env python3
"""instance.py [--files] DIR NODES [PER_ENV [MATCHES]]: writes a generated
instance.

Environments of PER_ENV nodes (100), ten services spread evenly, three a node,
five expressions a node; one asks all web nodes of the environment for their
addresses. With MATCHES, only so many nodes of all are web nodes. With --files,
each node links to the databases of its environment, and gets a text, a source
and a template that lists the peers with its services."""
import json
import os
import sys

SERVICES = "web dns mail vpn db cache queue store chat git".split()


def write(path, value):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, indent=2)
        f.write("\n")


def services_of(i, matches):
    names = [SERVICES[(i + k) % 10] for k in (0, 3, 7)]
    if matches is None:
        return names
    names = [n for n in names if n != "web"]
    return names + ["web"] if i < matches else names


TEMPLATE = """# ${name} of ${env.name}
% for s in self.services
% for p in peers[services: s]
${p.ip_address} ${p.domain.name} $$${s}
% end
% end
% if is_web
listen ${ssh.port};
% else
key ${secret('key')};
% end
"""


def with_files():
    os.makedirs("files/templates")
    for name, text in ("ca.pem", "certificate\n" * 40), \
                      ("templates/peers.conf", TEMPLATE):
        with open(f"files/{name}", "w", encoding="utf-8") as f:
            f.write(text)
    return {
        "dbs": "= link(peers[services: 'db'], 5432)",
        "files": {
            "/etc/motd": {"text": "= 'this is ${label}'"},
            "/etc/ssl/ca.pem": {"source": "ca.pem", "mode": "0644"},
            "/etc/peers.conf": {"template": "peers.conf",
                                "on_change": "systemctl reload peers"},
        },
    }


def common():
    return {
        "ip_address": "REQUIRED",
        "domain": {"name": "= name + '.' + provider.domain"},
        "url": "= 'https://${domain.name}:${ssh.port}/'",
        "ssh": {"port": 22},
        "webs": "= peers[services: 'web'].field('ip_address')",
        "is_web": "= 'web' in self.services",
        "label": "= name.upper() + '@' + env.name",
    }


def main(files, target, nodes, per_env=100, matches=None):
    os.makedirs(target)
    os.chdir(target)
    write("Keepfile", {"platform": {"path": "platform"}, "signed": False})
    write("platform/platform.json", {"version": "1"})
    write("platform/provider_base/provider.json", {"domain": "example.org"})
    write("platform/provider_base/common.json", common())
    for name in SERVICES:
        write(f"platform/provider_base/services/{name}.json",
              {name: {"port": 1000 + len(name), "users": ["root", name]}})
    write("provider.json", {"domain": "example.net"})
    write("common.json", with_files() if files else {})
    for e in range((nodes + per_env - 1) // per_env):
        write(f"tags/e{e}.json", {"environment": f"e{e}"})
    for i in range(nodes):
        write(f"nodes/n{i:05}.json", {
            "ip_address": f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}",
            "services": services_of(i, matches),
            "tags": [f"e{i // per_env}"],
        })


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "--files"]
    main("--files" in sys.argv, arguments[0], *map(int, arguments[1:]))
