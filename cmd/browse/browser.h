/* SPDX-License-Identifier: Apache-2.0 */
/* browser.h: the whole of kmeta-browse: the model, the screen with its views, and the terminal. */
#ifndef BROWSE_BROWSER_H
#define BROWSE_BROWSER_H

#include "../common.h"
#include "model/model.h"
#include "term/prompt.h"
#include "term/terminal.h"
#include "views/way.h"

enum { TYPED_LIMIT = 64 };

/* The keys of --command, and those that were typed before all of them were pressed. */
struct script {
	const char *keys;
	int typed[TYPED_LIMIT];
	size_t typed_count;
};

struct browser {
	struct common common;
	struct model model;
	struct screen screen;
	struct terminal *terminal; /* NULL: none, and keys come from --command */
	struct prompt prompt;
	struct area log_area, view_area;
	struct script script;
	struct own_keys own_keys;
	bool shows_hints; /* on the first start, until a key is pressed */
	bool quit;
};

/* Returns the browser that a screen belongs to. */
static inline struct browser *browser_of(struct screen *s)
{
	return (struct browser *)(void *)((char *)s - offsetof(struct browser, screen));
}

/* ---- screen.c ---- */

void browser_draw(struct browser *b);

/* ---- take.c ---- */

/* Writes the part that has the focus, as it is on the screen, to a new file. */
void take_screen(void *browser, const char *path);

/* Writes the record under the cursor as JSON to a new file, or copies it to the clipboard. */
void take_record(void *browser, const char *path);
void copy_record(struct screen *s);

/* ---- finds.c: by the focus ---- */

/* The action of a key, and that with a name. NULL: there is none where the focus is. */
screen_action *browser_key(const struct screen *s, int key);
screen_action *browser_action(const struct screen *s, const char *name);

/* Calls "offer" with the name of each action that there is. */
void browser_offer_actions(const struct screen *s, void (*offer)(void *context, const char *name),
                           void *context);

/* ---- completes.c ---- */

/* The words that Tab may put in. */
void complete_prompt(void *browser, char lead, const char *text, struct kmeta_buffer *words,
                     size_t *start);

/* ---- asks.c: actions that ask for text on the last line ---- */

void ask_search(struct screen *s);
void ask_search_backwards(struct screen *s);
void ask_filter(struct screen *s);
void ask_command(struct screen *s);
/* Opens the prompt that a view asked for. */
void ask_for_view(struct screen *s);
void ask_file_of_screen(struct screen *s);
void ask_file_of_record(struct screen *s);

/*
 * Begins a search that waits, if what it waits for is there: the line to begin at, or the content of
 * the view.
 */
void search_when_ready(struct screen *s);

/* Goes to the next or the previous match of the last search. */
void search_again(struct screen *s);
void search_back(struct screen *s);

/* ---- actions.c ---- */

extern const struct bindings browser_bindings;

/* Opens a view and puts the focus on it; VIEW_LOG closes the one that is open. */
void browser_show(struct browser *b, enum view_kind kind);

void browser_press(struct browser *b, int key);

/* True if work goes on whose effect the next key of a script should find. */
bool browser_is_busy(struct browser *b);

/* Lets the views follow what a key, a task or the files changed. */
void browser_settle(struct browser *b);

/* ---- browser.c ---- */

/* True if an action has this name, in whatever part of the screen. */
bool browser_has_action(const char *name);

/* Opens the address. FAILED: "why" says what is wrong. Close it in any case. */
enum kmeta_status browser_open(struct browser *b, struct kmeta_finding *why);
void browser_close(struct browser *b);

/* What to show, and how. "keys" NULL: there are none. */
struct browser_wishes {
	const char *keys_file; /* keys for actions; NULL: the user's, in a terminal */
	const char *keys;      /* pressed first */
	bool print;            /* without a terminal: the screen goes to the output at the end */
	enum ground ground;
	int width, height; /* the size of the printed screen */
	struct kmeta_point point;
};

/* Shows the log until the user quits. */
int browser_run(struct browser *b, const struct browser_wishes *wishes);

#endif
