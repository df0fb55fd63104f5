# keep. `make` builds, `make check` tests in two minutes, `make help` lists all.
# Everything that is built lies in $O, in the shape in which it is installed.
O ?= build
CC = gcc
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
Q := $(if $(V),,@)

# --- flags: ours are never in CFLAGS and LDFLAGS, which are the builder's ---
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wvla -Wwrite-strings \
	-Wpointer-arith -Wcast-qual -Wformat=2 -Wundef -Wimplicit-fallthrough \
	-Wdeclaration-after-statement -Wnull-dereference \
	-Wno-missing-field-initializers -Wno-format-truncation
GCC_WARN := -Wlogical-op -Wduplicated-cond -Wduplicated-branches \
	-Wjump-misses-init -Walloca -Wformat-signedness -Wbidi-chars=any
CLANG_WARN := -Wcomma -Wassign-enum -Wconditional-uninitialized \
	-Wno-unknown-warning-option
IS_CLANG := $(findstring clang,$(CC))
HARDEN := -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full
ifeq ($(SAN),)
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
else
SANFLAGS := -fsanitize=$(SAN) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
endif
ifeq ($(COVER),1)
SANFLAGS += --coverage
endif
KEEP_CFLAGS := -std=gnu17 -D_GNU_SOURCE -Iinclude -fPIC -fvisibility=hidden -fno-semantic-interposition \
	-include keep/banned.h $(WARN) \
	$(if $(IS_CLANG),$(CLANG_WARN),$(GCC_WARN)) $(HARDEN) $(SANFLAGS) \
	$(if $(filter 1,$(DEVELOPER)),-Werror) \
	-ffile-prefix-map=$(CURDIR)=. -DKEEP_VERSION='"$(VERSION)"'
KEEP_LDFLAGS := $(SANFLAGS) -Wl,-O1,--hash-style=gnu,-z,relro,-z,now,-z,noexecstack,--as-needed \
	-Wl,--no-undefined
COMPILE = $(CC) $(CPPFLAGS) $(KEEP_CFLAGS) $(CFLAGS) -MMD -MP
LINK = $(CC) $(KEEP_CFLAGS) $(CFLAGS) $(KEEP_LDFLAGS) $(LDFLAGS)

# A change of flags builds all again: every object depends on this file. What
# was built with -Werror serves without it too.
FLAGS_NOW := $(strip $(COMPILE) $(LINK))
FLAGS_WAS := $(file < $O/flags)
ifneq ($(FLAGS_NOW),$(FLAGS_WAS))
ifneq ($(FLAGS_NOW),$(filter-out -Werror,$(FLAGS_WAS)))
$(shell mkdir -p $O)
$(file > $O/flags,$(FLAGS_NOW))
endif
endif

# A source that is new, or gone, links again what it is part of, which depends
# on a list of its sources: $(call list,NAME,SOURCES) keeps the list $O/lists/NAME.
define list
ifneq ($(strip $2),$(strip $(file < $O/lists/$1)))
$(shell mkdir -p $O/lists)
$$(file > $O/lists/$1,$(strip $2))
endif
endef

# --- what is built: folders, found by wildcard ------------------------------
CORE := base wire codec ipc cli
CORE_SRC := $(foreach d,$(CORE),$(wildcard libcli/$d/*.c))
obj = $(patsubst %.c,$O/obj/%.o,$1)

# module.mk of an adapter, part or command adds itself by $(call library,..):
# 1 name, 2 folder, 3 -l flags of foreign packages, 4 other keep libraries,
# 5 those that it opens only when it needs them. main.c is never in it.
LIBRARIES :=
define library
LIBRARIES += $1
LIB_SRC_$1 := $$(filter-out $2/main.c,$$(wildcard $2/*.c $2/*/*.c))
LIB_DIR_$1 := $2
LIB_PKG_$1 := $3
LIB_USES_$1 := $4
LIB_OPENS_$1 := $5
endef
include $(wildcard libcli/*/module.mk cmd/*/module.mk)

$(foreach l,$(LIBRARIES),$(eval $(call list,$l,$(LIB_SRC_$l))))
$(eval $(call list,libkeep,$(CORE_SRC)))

LIBDIR := $O/lib/keep
LIBKEEP := $(LIBDIR)/libkeep.so.0
SHARED := $(patsubst %,$(LIBDIR)/libkeep-%.so,$(LIBRARIES))

.PHONY: all
EXAMPLES := $(patsubst contrib/%.c,$O/%,$(wildcard contrib/examples/*.c))
all: $O/bin/keep $(LIBKEEP) $(SHARED) $(EXAMPLES)

# The platform that `keep init` copies lies beside the libraries.
PLATFORM := $(patsubst contrib/%,$(LIBDIR)/%,\
	$(shell find contrib/platform -type f))
all: $(PLATFORM)
$(LIBDIR)/platform/%: contrib/platform/%
	@mkdir -p $(@D)
	$(Q)cp $< $@

# What makes the nodes of `keep local`.
LOCAL := $(LIBDIR)/local/start $(LIBDIR)/local/node
all: $(LOCAL)
$(LOCAL): $(LIBDIR)/%: contrib/%
	@mkdir -p $(@D)
	$(Q)cp $< $@

$O/obj/%.o: %.c $O/flags
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -c -o $@ $<

# libkeep binds its imports on first use: `keep version` needs a fifth of them,
# and looking all up would be the largest part of its start (t/bench/startup.sh).
$(LIBKEEP): $(call obj,$(CORE_SRC)) libcli/keep.map $O/lists/libkeep
	@mkdir -p $(@D)
	$(Q)$(LINK) -shared -Wl,-Bsymbolic,-z,lazy,-soname,libkeep.so.0 \
		-Wl,--version-script=libcli/keep.map -o $@ \
		$(filter %.o,$^) -lcbor -lsodium
	@ln -sf libkeep.so.0 $(LIBDIR)/libkeep.so

define library_rules
$(LIBDIR)/libkeep-$1.so: $(call obj,$(LIB_SRC_$1)) $(LIBKEEP) \
		$(patsubst %,$(LIBDIR)/libkeep-%.so,$(LIB_USES_$1)) $O/lists/$1
	$$(Q)$$(LINK) -shared -Wl,-Bsymbolic,-soname,libkeep-$1.so -Wl,-rpath,'$$$$ORIGIN' \
		-o $$@ $$(filter %.o,$$^) $$(patsubst %,-L$(LIBDIR) -lkeep-%,\
		$(LIB_USES_$1)) -L$(LIBDIR) -lkeep $(LIB_PKG_$1)
endef
$(foreach l,$(LIBRARIES),$(eval $(call library_rules,$l)))

KEEP_SRC := $(wildcard cmd/keep/*.c)
$O/bin/keep: $(call obj,$(KEEP_SRC)) $(LIBKEEP) $O/lists/suite
	@mkdir -p $(@D) $O/libexec/keep
	$(Q)$(LINK) -pie -Wl,-rpath,'$$ORIGIN/../lib/keep' -o $@ \
		$(filter %.o,$^) -L$(LIBDIR) -lkeep

$O/examples/%: $O/obj/contrib/examples/%.o $(LIBKEEP)
	@mkdir -p $(@D)
	$(Q)$(LINK) -pie -Wl,-rpath,'$$ORIGIN/../lib/keep' -o $@ \
		$(filter %.o,$^) -L$(LIBDIR) -lkeep

include contrib/man.mk
include contrib/install.mk
include t/check.mk
-include $(shell find $O/obj -name '*.d' 2>/dev/null)

# --- around it ---------------------------------------------------------------
.PHONY: clean fmt help demo
#: make demo         install what is missing, build, show the main job
demo:
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory -s all
	@KEEP=$O/bin/keep contrib/demo.sh
clean:
	rm -rf $O build-san build-cover build-analyze
fmt:
	clang-format -i $$(git ls-files '*.c' '*.h')
help:
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)
