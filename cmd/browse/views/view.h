/* SPDX-License-Identifier: Apache-2.0 */
/* view.h: a view of the screen, and what it gets to work with. */
#ifndef BROWSE_VIEWS_VIEW_H
#define BROWSE_VIEWS_VIEW_H

#include "../model/model.h"
#include "../term/grid.h"
#include "../term/keys.h"
#include "../term/outline.h"

/* The log is always on the screen. Each other view shares the screen with it, one at a time. */
enum view_kind {
	VIEW_LOG,
	VIEW_RECORD,
	VIEW_STATE,
	VIEW_DIFF,
	VIEW_STATISTICS,
	VIEW_EVENTS,
	VIEW_HELP,
	VIEWS
};

enum focus { FOCUS_LOG, FOCUS_VIEW, FOCUS_BYTES };

struct screen;
struct view;

typedef void screen_action(struct screen *s);

/* A key and its action. If several keys have the same action, only one has help. */
struct binding {
	int key;
	const char *keys; /* as help prints it; NULL: the binding before has it */
	const char *help;
	screen_action *act;
};

struct bindings {
	const struct binding *at;
	size_t count;
};

/* What views get: the model, the grid to draw on, and the focus. */
struct screen {
	struct model *model;
	struct grid grid;
	const struct view *const *views; /* by kind */
	struct bindings everywhere;      /* the keys of all views */
	void *states[VIEWS];             /* the views' own memory, each for its view alone */

	enum view_kind kind, kind_before_help;
	enum focus focus;
	bool zoomed; /* the part with the focus fills the screen */

	int key;               /* the key that was pressed */
	int64_t count;         /* the number before it; -1: none */
	screen_action *letter; /* gets the next key, which is a letter */
	enum view_kind wanted; /* a view to open after the action; VIEWS: none */
	bool had_message;      /* when the key was pressed */
	bool asked_to_end;     /* the key before was q, and something would be lost */
	bool is_certain; /* the index changes nothing of the log's lines, as they were drawn */

	bool search_waits; /* a search was asked for that cannot begin yet: */
	bool search_in_log, search_back;
};

/* A view. A member that is NULL leaves the work to the view's outline, or does nothing. */
struct view {
	const char *title;
	const char *hint; /* keys to name on the last line of the screen */
	size_t state_size;
	struct bindings bindings;

	/* Called when the view opens, and when the log's cursor has moved. */
	void (*open)(struct screen *s);
	void (*follow)(struct screen *s);

	void (*draw)(struct screen *s, struct area area);
	void (*move)(struct screen *s, enum motion motion, int64_t count);

	/* Goes to the next match in the view, or says that there is none. */
	void (*search)(struct screen *s, bool backwards);

	/* Goes to the next or previous change of the selected entity. */
	void (*step)(struct screen *s, bool backwards);

	/* Returns the lines of the view. */
	struct outline *(*outline)(struct screen *s);

	/* Drops the content of the view after the files were replaced. */
	void (*forget)(struct screen *s);

	/* Frees the view's own memory. */
	void (*close)(struct screen *s);
};

extern const struct view log_view, record_view, state_view, diff_view, statistics_view, events_view,
	help_view;

#endif
