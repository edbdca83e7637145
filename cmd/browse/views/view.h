/* SPDX-License-Identifier: Apache-2.0 */
/* view.h: what a view of the screen is, and what it gets to work with. */
#ifndef BROWSE_VIEWS_VIEW_H
#define BROWSE_VIEWS_VIEW_H

#include "../model/model.h"
#include "../term/grid.h"
#include "../term/keys.h"
#include "../term/outline.h"

/* The log is always there; the others share the screen with it, one at a time. */
enum view_kind { VIEW_LOG, VIEW_RECORD, VIEW_STATE, VIEW_DIFF, VIEW_STATISTICS, VIEW_HELP, VIEWS };

enum focus { FOCUS_LOG, FOCUS_VIEW, FOCUS_BYTES };

struct screen;
struct view;

typedef void screen_action(struct screen *s);

/* What a key does. One of several keys for the same action has no help: help says it once. */
struct binding {
	int key;
	const char *keys; /* as help prints them; NULL: the binding before does */
	const char *help;
	screen_action *act;
};

struct bindings {
	const struct binding *at;
	size_t count;
};

/* What views get: the model, the grid to draw on, and where the reader is on the screen. */
struct screen {
	struct model *model;
	struct grid grid;
	const struct view *const *views; /* by kind */
	struct bindings everywhere;      /* the keys of all views */
	void *states[VIEWS];             /* the views' own, each for its view alone */

	enum view_kind kind, kind_before_help;
	enum focus focus;
	bool zoomed; /* the part with the focus has all of the screen */

	int key;               /* the one pressed */
	int64_t count;         /* typed before it, -1: none */
	screen_action *letter; /* takes the next key, a letter */
	enum view_kind wanted; /* a view to open after the action; VIEWS: none */
};

/* A view. Members that are NULL: as its outline does by itself, or nothing. */
struct view {
	const char *title;
	const char *hint; /* for the last line of the screen */
	size_t state_size;
	struct bindings bindings;

	/* Called when the view is opened, and when the log's cursor is on another line. */
	void (*open)(struct screen *s);
	void (*follow)(struct screen *s);

	void (*draw)(struct screen *s, struct area area);
	void (*move)(struct screen *s, enum motion motion, int64_t count);

	/* Goes to the next match, without the log's help. False: there is none. */
	bool (*search)(struct screen *s, bool backwards);

	/* Goes to the next or previous change of what is selected. */
	void (*step)(struct screen *s, bool backwards);

	/* The lines of the view. */
	struct outline *(*outline)(struct screen *s);

	/* The files are other ones now: drops what is known of them. */
	void (*forget)(struct screen *s);

	/* Frees what the state holds. */
	void (*close)(struct screen *s);
};

extern const struct view log_view, record_view, state_view, diff_view, statistics_view, help_view;

#endif
