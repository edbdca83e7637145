/* SPDX-License-Identifier: Apache-2.0 */
/* view.h: a view of the screen, and what it gets to work with. */
#ifndef BROWSE_VIEWS_VIEW_H
#define BROWSE_VIEWS_VIEW_H

#include "../model/model.h"
#include "../term/grid.h"
#include "../term/keys.h"
#include "../term/outline.h"
#include "../term/own_keys.h"

/* The log is always on the screen. Each other view shares the screen with it, one at a time. */
enum view_kind {
	VIEW_LOG,
	VIEW_RECORD,
	VIEW_STATE,
	VIEW_TABLE,
	VIEW_HISTORY,
	VIEW_DIFF,
	VIEW_STATISTICS,
	VIEW_EVENTS,
	VIEW_NODES,
	VIEW_HELP,
	VIEWS
};

/* On narrower screens, lines of records leave out the date. */
enum { WIDE = 120 };

enum focus { FOCUS_LOG, FOCUS_VIEW, FOCUS_BYTES };

struct screen;
struct view;

typedef void screen_action(struct screen *s);

/* A key and its action. If several keys have the same action, only one has its name. */
struct binding {
	int key;
	const char *keys; /* as help prints it; NULL: the binding before has it */
	const char *help;
	screen_action *act;
	const char *name; /* of the action, for ":" and keys of one's own */
};

struct bindings {
	const struct binding *at;
	size_t count;
};

/* What a view should show when it opens. Initialize it with { .table = KMETA_ENTITY_KINDS }. */
struct wish {
	enum kmeta_entity_kind table; /* of this kind; KMETA_ENTITY_KINDS: as the view was */
	char *terms;                  /* of the table; NULL: none */
	char *path;                   /* of the entity to go to, or to tell of; NULL: as it was */
	bool unfolded;                /* that entity is */
};

/* A place that the user came from. */
struct crumb {
	enum view_kind kind;
	enum focus focus;
	bool zoomed, there; /* the log had a line there: */
	struct kmeta_place place;
	char *name;
	struct wish wish;
};

enum { WAY_LIMIT = 32 };

/* All places, the oldest first. */
struct way {
	struct crumb at[WAY_LIMIT];
	size_t count;
};

/* An entity that is selected. Release it with choice_release(). */
struct choice {
	enum kmeta_entity_kind kind;
	char *path, *topic;   /* the topic of a topic or partition, as paths have it; NULL: none */
	int64_t node, leader; /* of a broker, of a partition; -1: none */
};

/* What views get: the model, the grid to draw on, and the focus. */
struct screen {
	struct model *model;
	struct grid grid;
	const struct view *const *views; /* by kind */
	struct bindings everywhere;      /* the keys of all views */
	const struct own_keys *own;      /* those that the user has chosen */
	void *states[VIEWS];             /* the views' own memory, each for its view alone */

	enum view_kind kind, kind_before_help;
	enum focus focus;
	bool zoomed; /* the part with the focus fills the screen */

	int key;               /* the key that was pressed */
	int64_t count;         /* the number before it; -1: none */
	screen_action *letter; /* gets the next key, which is a letter */
	enum view_kind wanted; /* a view to open after the action; VIEWS: none */
	char asks;             /* a prompt to open after the action, by its lead; 0: none */
	struct wish wish;      /* for "wanted" */
	struct way way;

	struct {            /* the record that changed an entity last */
		char *path; /* of the entity */
		enum kmeta_status found;
		struct kmeta_step step;
	} sought;

	bool had_message;  /* when the key was pressed */
	bool asked_to_end; /* the key before was q, and something would be lost */
	bool is_certain;   /* the index changes nothing of the log's lines, as they were drawn */

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

	/* Tells which entity is selected. False: none. NULL: the view never has one. */
	bool (*choose)(struct screen *s, struct choice *choice);

	/* Keeps what the view shows, to come back to. */
	void (*keep)(struct screen *s, struct wish *wish);

	/* Appends what the view shows, for its title. NULL: the title says it. */
	void (*name)(const struct screen *s, struct kmeta_buffer *out);

	/* Takes the text of a prompt that the view asked for by "asks". */
	void (*enter)(struct screen *s, char lead, const char *text);

	/* A click at a place of the screen. NULL: the outline takes it. */
	void (*click)(struct screen *s, int y, int x);

	/* How much of the screen the log keeps above the view, in percent. 0: as much as usual. */
	int log_share;

	/* Returns the lines of the view. */
	struct outline *(*outline)(struct screen *s);

	/* Drops the content of the view after the files were replaced. */
	void (*forget)(struct screen *s);

	/* Frees the view's own memory. */
	void (*close)(struct screen *s);
};

/* The view that is open. */
static inline const struct view *screen_view(const struct screen *s)
{
	return s->views[s->kind];
}

extern const struct view log_view, record_view, state_view, table_view, history_view, diff_view,
	statistics_view, events_view, nodes_view, help_view;

#endif
