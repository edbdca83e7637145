/* SPDX-License-Identifier: Apache-2.0 */
/* browser.h: what is on the screen, and what the views share. */
#ifndef BROWSE_BROWSER_H
#define BROWSE_BROWSER_H

#include "../common.h"
#include "outline.h"
#include "rows.h"
#include "terminal.h"

enum { MARKS = 26, TEXT_LIMIT = 512 };

/* What has the screen's lower part; the log is always above. */
enum view_kind { VIEW_NONE, VIEW_RECORD, VIEW_STATE, VIEW_DIFF, VIEW_STATISTICS, VIEW_HELP, VIEWS };

enum focus { FOCUS_LOG, FOCUS_VIEW, FOCUS_BYTES };

struct browser;

typedef void browser_action(struct browser *b);

/* What a key does. One of several keys for the same has no help, so that help says it once. */
struct binding {
	int key;
	const char *keys; /* as help has them; NULL: the one before does */
	const char *help;
	browser_action *act;
};

struct bindings {
	const struct binding *at;
	size_t count;
};

/* A view of the screen's lower part. */
struct view {
	const char *title;
	void (*draw)(struct browser *b, struct area area);
	/* NULL: as its outline does by itself. */
	void (*move)(struct browser *b, enum motion motion, int64_t count);
	/* Called when the view is opened, and when the line under the log's cursor is another. */
	void (*open)(struct browser *b);
	void (*follow)(struct browser *b);
	/* Goes to the next match, without the log's help; false: there is none. NULL: as above. */
	bool (*search)(struct browser *b, bool backwards);
	struct bindings bindings;
	const char *hint; /* for the last line of the screen */
};

/* Long work of one kind: what it needs and what it made. Its parts are documented where it is used.
 */
struct task {
	struct job job;
	browser_action *done; /* called when it is finished, not when it was stopped */
	bool failed;
	struct kmeta_finding why;
	struct kmeta_pages *pages; /* of its own */
};

struct log_view {
	struct kmeta_place top, cursor;
	bool there;   /* there is a line under the cursor, and this is what it is: */
	bool waiting; /* where the cursor should be the filter has not looked yet */
	bool is_damage;
	int64_t offset,
		end_offset; /* its record's, and that of the state it makes; -1: not known */
	int64_t timestamp;  /* -1: not known */
	int32_t epoch;
	int shift, height;
};

struct bytes_view {
	int64_t cursor, top; /* byte in the value */
	int columns, height; /* when last drawn */
};

struct record_view {
	struct outline outline;
	struct bytes_view bytes;
	struct kmeta_buffer value;  /* the bytes that are shown */
	struct kmeta_buffer hidden; /* for each of them, whether it is a secret */
	int64_t position;           /* of the first in the file, -1: unpacked from a batch */
	struct kmeta_fields fields;
};

struct history {
	char *target; /* the path of the entity that is stepped through; NULL: none */
	enum kmeta_status found;
	struct kmeta_step step; /* if found */
	bool left; /* the reader went elsewhere in the state since, and may mean something else */
};

struct state_view {
	struct outline outline;
	struct kmeta_image *image;      /* the tasks' own while one is running */
	struct content made;            /* by a task, to be shown when it is done */
	struct key_set changed;         /* paths of what the record under the cursor changed */
	struct kmeta_buffer changes;    /* and how: lines */
	int64_t wanted, shown, watched; /* end offsets; -1: none */
	char *aim; /* path of the line to go to when the task is done; NULL: none */
	struct history history;
	bool backwards; /* where in the history to go */
};

struct diff_view {
	struct outline outline;
	struct content made;
	int64_t from, to, changes;
};

struct statistics_view {
	struct outline outline;
	struct kmeta_stats *stats;
	size_t selected; /* of the times */
};

struct search {
	struct pattern *pattern; /* NULL: none */
	bool backwards;          /* as it was typed */
	struct kmeta_place found;
	bool was_found, wrapped, going_back;
};

/* Text typed on the last line. */
struct prompt {
	bool active;
	char lead; /* what stands in front: / ? : & */
	const char *title;
	wchar_t text[TEXT_LIMIT];
	size_t size, cursor;
	void (*enter)(struct browser *b, const char *text);
};

struct browser {
	struct common common;
	const char *address;
	struct terminal *terminal; /* NULL: nobody looks, keys come from --command */
	struct grid grid;
	int wake[2]; /* a pipe by which jobs say that they are done */

	struct kmeta_pages *pages;
	struct index *index;
	struct rows *rows;
	bool is_checkpoint; /* which holds one state, whatever line the cursor is on */

	struct log_view log;
	enum view_kind kind;
	enum view_kind kind_before_help;
	enum focus focus;
	bool zoomed; /* the part with the focus has all of the screen */
	struct area log_area, view_area;
	struct record_view record;
	struct state_view state;
	struct diff_view diff;
	struct statistics_view statistics;
	struct outline help;

	struct task task;
	struct search search;
	struct kmeta_filter *filter;
	char *filter_text;
	struct job filter_job;
	struct rows *filter_rows; /* of that job, as is the page to begin at */
	size_t filter_from;
	struct prompt prompt;
	browser_action *letter; /* takes the next key, a letter */
	int key;                /* the one pressed */
	int64_t count;          /* typed in front of a key, -1: none */
	struct {
		bool set;
		struct kmeta_place place;
		int64_t end_offset;
	} marks[MARKS];
	int last_mark; /* -1: none */
	bool following;
	int64_t refreshed; /* when files were last looked at, in milliseconds */
	char message[TEXT_LIMIT];
	bool is_error;
	bool quit;
	int status;
};

/* ---- browser.c ---- */

enum kmeta_status browser_open(struct browser *b, struct kmeta_finding *why);
void browser_close(struct browser *b);

/* Goes to a point of an address; to a time as far as the index has come. */
void browser_go(struct browser *b, struct kmeta_point point);

/* Whether any job is under way. */
bool browser_is_busy(struct browser *b);
/* Looks after jobs and files; "wait": until all jobs are done. True: something is new to be drawn.
 */
bool browser_tick(struct browser *b, bool wait);

__attribute__((format(printf, 2, 3))) void browser_say(struct browser *b, const char *format, ...);
__attribute__((format(printf, 2, 3))) void browser_complain(struct browser *b, const char *format,
                                                            ...);

/* Opens or closes a view, and puts the focus on it. */
void browser_show(struct browser *b, enum view_kind kind);

/* The lines of the view that is shown, moving in them, and searching them. */
struct outline *browser_outline(struct browser *b);
void browser_move(struct browser *b, enum motion motion, int64_t count);
bool browser_search(struct browser *b, bool backwards);

/* The line of the log is another now. */
void browser_moved(struct browser *b);

/*
 * Begins long work, in place of what is going on; "work" gets the browser, of which it may use what
 * is the task's. If it takes no time at all it is done when the call returns.
 */
void browser_begin(struct browser *b, const char *what, job_work *work, browser_action *done);

/* A kmeta_progress for it, whose context is the browser. */
bool browser_go_on(void *context, int64_t done, int64_t total);

/* Stops it; true if there was any. */
bool browser_stop(struct browser *b);

const struct view *browser_view(const struct browser *b);

/* NULL for VIEW_NONE. */
const struct view *view_of(enum view_kind kind);

/* ---- screen.c, actions.c, prompt.c ---- */

void browser_draw(struct browser *b);
void browser_press(struct browser *b, int key);

/* Asks for text on the last line. */
void browser_ask(struct browser *b, char lead, const char *title,
                 void (*enter)(struct browser *b, const char *text));
void prompt_press(struct browser *b, int key);
void prompt_draw(struct browser *b, struct area area);

/* ---- the views, and what else there is to do ---- */

extern const struct view record_view, state_view, diff_view, statistics_view, help_view;
extern const struct bindings log_bindings, browser_bindings;

/* The line under the log's cursor; false: there is none. Borrowed until rows are asked again. */
bool log_line(struct browser *b, struct line *line);

void log_draw(struct browser *b, struct area area);
void log_move(struct browser *b, enum motion motion, int64_t count);
void log_go(struct browser *b, struct kmeta_place place);
void log_go_offset(struct browser *b, int64_t offset);
/* To the first record that is not earlier. */
void log_go_time(struct browser *b, int64_t time);

/* To so many percent of the log, in bytes; more than 100 are all of it. */
void log_go_percent(struct browser *b, int64_t percent);

/* Takes in the line under the cursor again, as files, filter or folds may have changed; true: it is
 * another now. */
bool log_refresh(struct browser *b);

void record_release(struct browser *b);
void record_bytes_move(struct browser *b, enum motion motion, int64_t count);
void state_release(struct browser *b);
void diff_release(struct browser *b);
void statistics_release(struct browser *b);

/* The state view as if it had never been: what it showed is of other files. */
void state_forget(struct browser *b);

/* Steps to the change of the selected entity before, or behind, the log's cursor. */
void history_step(struct browser *b, bool backwards);
void history_forget(struct browser *b);

/* What is stepped through is shown again where there is such a thing again. */
void history_stay(struct browser *b);

/* Searching, filtering, going somewhere, writing: what is typed. */
void search_ask(struct browser *b);
void search_ask_backwards(struct browser *b);
void search_next(struct browser *b);
void search_previous(struct browser *b);
void filter_ask(struct browser *b);
bool filter_tick(struct browser *b);
void filter_start(struct browser *b);
void filter_release(struct browser *b);
void command_ask(struct browser *b);
void write_ask(struct browser *b);
void write_record_ask(struct browser *b);
void copy_record(struct browser *b);

#endif
