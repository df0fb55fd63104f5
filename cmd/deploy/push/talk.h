/* What a node says in a deploy: the lines K1 of node.sh and run.pl (whose heads
 * tell them all), among whatever its shells print. The bytes are foreign: of a
 * line 4 KiB are looked at, a manifest is at most KEEP_MANIFEST_MAX, and what
 * is no answer is dropped. Source: DEPLOY 2. */
#ifndef PUSH_TALK_H
#define PUSH_TALK_H

#include <keep/generation.h>

enum { KEEP_TALK_LINE = 8192 };

/* What a line says. The first of the second kind is the last that counts. */
enum keep_answer {
	KEEP_ANSWER_NONE = 0,
	KEEP_ANSWER_SEND,    /* it waits for its input; behind a need, for
				what that one lacks */
	KEEP_ANSWER_RUNNING, /* it is under way already: what follows is all
				that it printed */
	KEEP_ANSWER_CONFIRM, /* it goes back unless it is reached anew */
	KEEP_ANSWER_OUTPUT,  /* a line of a recipe, in .text */

	KEEP_ANSWER_SAME,    /* id: nothing was to be done */
	KEEP_ANSWER_OK,      /* id: it is so now */
	KEEP_ANSWER_NEED,    /* id, commit, who, at_unix_s, manifest: what it
				has in place of our base; id absent: nothing */
	KEEP_ANSWER_SPACE,   /* its disk is full */
	KEEP_ANSWER_LOCKED,  /* who (a deploy's id), text: the whole holder */
	KEEP_ANSWER_VETO,    /* text */
	KEEP_ANSWER_FAIL,    /* status, back, text */
};

struct keep_talk {
	/* Told each answer, with its fields below. */
	int (*said)(struct keep_talk *t, enum keep_answer what,
		    struct keep_err *e);
	void *user;               /* the owner's */
	enum keep_answer answer;  /* of the second kind, when it came */
	/* Of the answer; they borrow from kept. */
	struct keep_slice id, commit, who, text;
	uint64_t at_unix_s;
	uint64_t status;
	bool back;                /* what was there before is there again */
	struct keep_buf manifest; /* of KEEP_ANSWER_NEED */
	/* Its own. */
	struct keep_buf line, kept;
	bool lists;               /* lines are of the manifest */
};

/* Takes bytes of the node's stdout. What said() returns; NO_MEMORY. */
KEEP_MUST int keep_talk_read(struct keep_talk *t, struct keep_slice bytes,
			     struct keep_err *e);
/* Whether the answer is whole: false without any, and where the manifest is not
 * that of its id. */
bool keep_talk_complete(const struct keep_talk *t);
void keep_talk_end(struct keep_talk *t);

#endif
