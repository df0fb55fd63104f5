#!/bin/bash
# A node's files are rendered for it: texts, templates and sources.
. "${0%/*}/lib.sh"

check "an instance is made" keep init i --name I --domain example.org
cd i || exit 1
mkdir -p files/templates services
cat > files/templates/site.conf <<'END'
%% of ${name}, costs $$5
% for n in nodes[services: 'web']
% if n.name == name
listen ${web.port};
% else
upstream ${n.ip_address}; # ${n.name}
% end
% end
key ${sh('it''s ' + domain.full)} ${secret('key')};
END
printf '\0\377\n' > files/blob
cat > services/web.json <<'END'
{
  "web": {"port": 443},
  "files": {
    "/etc/site.conf": {
      "template": "site.conf", "owner": "www-data", "mode": "0640",
      "on_change": "systemctl reload site"
    },
    "/opt/blob": {"source": "blob"},
    "/etc/issue": {"text": "= 'this is ${name}\n'"}
  }
}
END
check "a web server is added" \
	keep node add web1 ip_address=192.0.2.1 services=web
check "a second one" keep node add web2 ip_address=192.0.2.2 services=web
check "another node is added" keep node add other ip_address=192.0.2.3
check "the instance is compiled" keep compile

cat > expected <<'END'
% of web2, costs $5
upstream 192.0.2.1; # web1
listen 443;
key 'it'\''s web2.example.org' <secret key>;
END
check_same_files "a template is rendered for each node, without its secrets" \
	expected compiled/web2/etc/site.conf
rm expected
check_same_files "a source is copied byte by byte" \
	files/blob compiled/web1/opt/blob
check "and lies on the disk once" \
	test compiled/web1/opt/blob -ef compiled/web2/opt/blob
check_same "a text is a file" "this is web1" "$(cat compiled/web1/etc/issue)"
check_like "the node says whose they are and what follows a change" \
	'"on_change": "systemctl reload site"' compiled/web1.json
check_unlike "but does not say the text again" "this is" compiled/web1.json
check "a node of another service gets none of these" \
	test ! -e compiled/other/etc/site.conf

check "it is compiled again" keep compile
check_like "nothing changes then" "0 changed, 0 removed, 3 unchanged"

echo '# more' >> files/templates/site.conf
check_exit 1 "check tells that a template changed" keep compile --check
check "it is compiled" keep compile
check_like "the nodes that use it change" "^nodes: web1 web2$"

check "a node drops a file that it inherits" \
	keep node set web2 'files={"!/opt/blob": null}'
check "it is compiled" keep compile
[ ! -e compiled/web2/opt ] && [ -e compiled/web1/opt/blob ]
check_same "the file goes, and the empty directory" 0 $?

echo mine > compiled/web1/etc/notes
check "the node changes" keep node set web1 web.port=8443
check_exit 4 "a note that somebody left among its files is not removed" \
	keep compile
check_like "it is named" 'compiled/web1/etc/notes is a file that compile' "$ERR"
check_same "and it stays" mine "$(cat compiled/web1/etc/notes)"
rm compiled/web1/etc/notes
check "without it the compile goes on" keep compile
check_like "with the change" '^listen 8443;$' compiled/web1/etc/site.conf

keep node set other 'files={"/etc/motd": {"text": "mine"}}' > "$OUT"
check_exit 2 "a file that is inherited is not given another content" \
	keep compile
check_like "how it is replaced is said" 'hint: "!/etc/motd" replaces' "$ERR"
keep node set other 'files={"!/etc/motd": {"text": "mine"}}' > "$OUT"
check "so it is" keep compile
check_same "it holds what the node says" mine "$(cat compiled/other/etc/motd)"
