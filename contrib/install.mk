# make install: what lies in $O, under DESTDIR and PREFIX. All of it is found
# from where it lies, so the tree may be moved as a whole.
DEST := $(DESTDIR)$(PREFIX)
SHARE := $(DEST)/share
PC := $(DEST)/lib/pkgconfig

# 1 name, 2 what it is, 3 what it needs
pc = sed 's,@NAME@,$1,; s,@ABOUT@,$2,; s,@REQUIRES@,$3,; s,@VERSION@,$(VERSION),' \
	contrib/libkeep.pc.in > $(PC)/lib$1.pc

#: make install      into DESTDIR/PREFIX (PREFIX=/usr/local)
.PHONY: install
install: all
	install -d $(DEST)/bin $(DEST)/lib/keep $(DEST)/libexec/keep $(PC) \
		$(DEST)/include/keep $(SHARE)/man/man1 \
		$(SHARE)/bash-completion/completions \
		$(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d \
		$(SHARE)/keep $(DEST)/lib/systemd/user $(DEST)/lib/systemd/system
	install -m 755 $O/bin/keep $(DEST)/bin
	install -m 644 $(LIBKEEP) $(SHARED) $(DEST)/lib/keep
	ln -sf libkeep.so.0 $(DEST)/lib/keep/libkeep.so
	cp -R $(LIBDIR)/platform $(LIBDIR)/local $(DEST)/lib/keep
	install -m 644 include/keep/* $(DEST)/include/keep
	install -m 644 $O/man/*.1 $(SHARE)/man/man1
	install -m 644 contrib/completion/keep.bash \
		$(SHARE)/bash-completion/completions/keep
	install -m 644 contrib/completion/_keep $(SHARE)/zsh/site-functions
	install -m 644 contrib/completion/keep.fish \
		$(SHARE)/fish/vendor_completions.d
	install -m 644 contrib/python/keep.py $(SHARE)/keep
	install -m 644 contrib/systemd/keep@.* contrib/systemd/keep-admin@.* \
		$(DEST)/lib/systemd/user
	install -m 644 contrib/systemd/keep-instance@.* $(DEST)/lib/systemd/system
	$(call pc,keep,the core of keep: schemas and verbs and files,)
	$(foreach l,$(LIBRARIES),$(call pc,keep-$l,the part $l of keep,\
		libkeep $(patsubst %,libkeep-%,$(LIB_USES_$l)));)
