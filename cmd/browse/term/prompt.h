/* SPDX-License-Identifier: Apache-2.0 */
/* prompt.h: reads text on one line. */
#ifndef BROWSE_TERM_PROMPT_H
#define BROWSE_TERM_PROMPT_H

#include "grid.h"
#include "keys.h"

enum { PROMPT_LIMIT = 512, PROMPT_PAST = 64 };

/* Gets the text after Enter. */
typedef void prompt_enter(void *context, const char *text);

/*
 * Appends the words, each with a newline behind it, that may stand where the text has one that is not
 * complete, and says at which byte of the text that begins. The text ends at the cursor.
 */
typedef void prompt_complete(void *context, char lead, const char *text, struct kmeta_buffer *words,
                             size_t *start);

/* A text that was entered before, for the Up key. */
struct prompt_line {
	char lead;
	size_t size;
	wchar_t text[PROMPT_LIMIT];
};

struct prompt {
	bool active;
	char lead; /* printed before the text: / ? : & */
	const char *title;
	wchar_t text[PROMPT_LIMIT];
	size_t size, cursor;
	prompt_enter *enter;
	prompt_complete *complete; /* for Tab; NULL: nothing is known. It stays for all prompts */
	void *context;

	struct kmeta_buffer words; /* what Tab may put in */
	size_t words_count;
	size_t tabs;       /* pressed one after another; 0: the words are not shown */
	size_t word_start; /* where they go, up to the cursor */

	struct prompt_line past[PROMPT_PAST]; /* a ring, of all prompts */
	size_t past_count;                    /* so many were ever kept */
	size_t recalled;                      /* one of past_count; past_count: what is typed now */
	struct prompt_line draft;             /* what was typed when another was recalled */
};

/* Begins with an empty text. What was entered at prompts with the same lead can be recalled. */
void prompt_ask(struct prompt *prompt, char lead, const char *title, prompt_enter *enter,
                void *context);

enum prompt_end { PROMPT_GOES_ON, PROMPT_ENTERED, PROMPT_LEFT };

/* Handles a key. Call prompt_finish() after PROMPT_ENTERED. */
enum prompt_end prompt_press(struct prompt *prompt, int key);

/* Keeps a text of an earlier run, as if it had been entered. */
void prompt_remember(struct prompt *prompt, char lead, const char *text);

/* Returns one of the kept texts, below past_count, as UTF-8 in a buffer that the caller releases. */
struct kmeta_buffer prompt_past(const struct prompt *prompt, size_t number, char *lead);

void prompt_release(struct prompt *prompt);

/* Passes the text on. */
void prompt_finish(struct prompt *prompt);

/* Draws title and text, and puts the grid's cursor after them. */
void prompt_draw(const struct prompt *prompt, struct grid *grid, struct area area);

#endif
