# Manual pages: what x-man writes from tables and cmd/*/about.md, by scdoc.
ABOUT := $(wildcard cmd/*/about.md)

#: make man          manual pages of keep and of every command
.PHONY: man man-lint
man: $O/man/keep.1
all: man
$O/man/keep.1: $O/bin/keep $(LIBKEEP) $(SHARED) $(ABOUT) contrib/man.awk
	@mkdir -p $(@D)
	@rm -f $(@D)/*.1
	@cat $(ABOUT) > $(@D)/about
	@set -e; for c in $$($O/bin/keep x-complete -- '' | cut -f1) ''; do \
		page=$(@D)/keep$${c:+-$$c}; \
		$O/bin/keep x-man $$c --about $(@D)/about > $$page.scd; \
		scdoc < $$page.scd > $$page.roff; \
		awk -f contrib/man.awk $$page.roff > $$page.1; \
	done

#: make man-lint     what mandoc has to say about them: nothing
man-lint: built
	@mandoc -Tlint $O/man/*.1
