# cmd/keep: the verbs of the suite itself, also for native programs.
$(eval $(call library,suite,cmd/keep,,))
