/* SPDX-License-Identifier: Apache-2.0 */
/* actions.c: the keys that work everywhere, and what they do. Views have more of their own. */
#include <stdlib.h>
#include <string.h>

#include "browser.h"
#include "past.h"

/* Lines of a step of the mouse's wheel. */
enum { WHEEL_LINES = 3 };

/* ---- opening and following ---- */

void browser_show(struct browser *b, enum view_kind kind)
{
	struct screen *s = &b->screen;

	task_stop(&b->model);
	s->search_waits &= s->search_in_log;
	if (kind == VIEW_HELP && s->kind != VIEW_HELP)
		s->kind_before_help = s->kind;
	s->kind = kind;
	s->zoomed = false;
	s->focus = kind == VIEW_LOG ? FOCUS_LOG : FOCUS_VIEW;
	if (screen_view(s)->open)
		screen_view(s)->open(s);
	wish_release(&s->wish);
}

/* A task may want a view, too, when it is done. */
static void open_wanted(struct browser *b)
{
	const enum view_kind kind = b->screen.wanted;

	b->screen.wanted = VIEWS;
	if (kind != VIEWS)
		browser_show(b, kind);
}

static void go_back(struct screen *s)
{
	struct crumb crumb;

	if (!way_pop(s, &crumb)) {
		model_say(s->model, "there is no way back: nothing was jumped to");
		return;
	}
	task_stop(s->model);
	if (crumb.there)
		cursor_go(s->model, crumb.place);
	wish_release(&s->wish);
	s->wish = crumb.wish;
	browser_show(browser_of(s), crumb.kind);
	s->focus = crumb.focus;
	s->zoomed = crumb.zoomed;
	free(crumb.name);
}

static void forget_files(struct browser *b)
{
	for (size_t i = 0; i < VIEWS; i++)
		if (b->screen.views[i]->forget)
			b->screen.views[i]->forget(&b->screen);
	b->model.replaced = false;
}

/* A view that follows the cursor may move it again. */
void browser_settle(struct browser *b)
{
	struct screen *s = &b->screen;

	if (b->model.is_lost)
		b->quit = true;
	if (b->model.replaced)
		forget_files(b);
	open_wanted(b);
	while (b->model.moved) {
		b->model.moved = false;
		if (screen_view(s)->follow)
			screen_view(s)->follow(s);
	}
	search_when_ready(s);
}

bool browser_is_busy(struct browser *b)
{
	return model_is_busy(&b->model) || b->screen.search_waits;
}

/* ---- moving ---- */

static void move_view(struct screen *s, enum motion motion, int64_t count)
{
	if (screen_view(s)->move)
		screen_view(s)->move(s, motion, count);
	else
		outline_move(screen_view(s)->outline(s), motion, count);
}

static void move_by(struct screen *s, enum motion motion)
{
	const int64_t count = s->count > 0 ? s->count : 1;

	if (s->focus == FOCUS_LOG)
		log_view.move(s, motion, count);
	else
		move_view(s, motion, count);
}

#define MOVE(name, motion)                 \
	static void name(struct screen *s) \
	{                                  \
		move_by(s, motion);        \
	}

MOVE(move_down, LINE_DOWN)
MOVE(move_up, LINE_UP)
MOVE(move_half_down, HALF_DOWN)
MOVE(move_half_up, HALF_UP)
MOVE(move_page_down, PAGE_DOWN)
MOVE(move_page_up, PAGE_UP)
MOVE(move_to_start, TO_START)
MOVE(move_to_end, TO_END)
MOVE(move_left, TO_LEFT)
MOVE(move_right, TO_RIGHT)

/* The part under the pointer moves, and the focus stays where it is. */
static void wheel(struct screen *s, enum motion motion)
{
	const struct browser *b = browser_of(s);
	const enum focus before = s->focus;
	int y, x;

	if (b->terminal) {
		terminal_click(b->terminal, &y, &x);
		if (y >= b->log_area.y && y < b->log_area.y + b->log_area.height)
			s->focus = FOCUS_LOG;
		else if (s->kind != VIEW_LOG && s->focus == FOCUS_LOG && y >= b->view_area.y)
			s->focus = FOCUS_VIEW;
	}
	s->count = WHEEL_LINES;
	move_by(s, motion);
	s->focus = before;
}

static void wheel_up(struct screen *s)
{
	wheel(s, LINE_UP);
}

static void wheel_down(struct screen *s)
{
	wheel(s, LINE_DOWN);
}

static void click_line(struct screen *s)
{
	struct browser *b = browser_of(s);
	const struct area *log = &b->log_area, *view = &b->view_area;
	int y, x;

	if (!b->terminal)
		return;
	terminal_click(b->terminal, &y, &x);
	/* The first row of the log's area is its heading. */
	if (y > log->y && y < log->y + log->height) {
		s->focus = FOCUS_LOG;
		cursor_go(&b->model, b->model.cursor.top);
		cursor_move(&b->model, LINE_DOWN, y - log->y - 1);
	} else if (s->kind != VIEW_LOG && y >= view->y && y < view->y + view->height) {
		s->focus = FOCUS_VIEW;
		if (screen_view(s)->click) {
			screen_view(s)->click(s, y, x);
			return;
		}
		/* A step of 0 tells the view where its cursor is now. */
		if (outline_click(screen_view(s)->outline(s), y))
			move_view(s, LINE_DOWN, 0);
	}
}

static void step_by(struct screen *s, bool backwards)
{
	if (screen_view(s)->step)
		screen_view(s)->step(s, backwards);
	else
		model_say(s->model, "open the state (s) and go to what the changes are wanted of");
}

static void step_backwards(struct screen *s)
{
	step_by(s, true);
}

static void step_forwards(struct screen *s)
{
	step_by(s, false);
}

/* ---- parts of the screen ---- */

static void close_view(struct screen *s)
{
	s->wanted = s->kind == VIEW_HELP ? s->kind_before_help : VIEW_LOG;
	if (s->wanted == VIEW_LOG)
		way_leave_views(s);
}

/* What the end of the browser would undo that took the user time; NULL: nothing. */
static const char *loss_at_end(const struct model *m)
{
	if (job_is_running(&m->search.job))
		return "a search is going on";
	if (m->filter.terms && job_is_running(&m->filter.job))
		return "the filter is still looking";
	for (size_t i = 0; i < MARKS; i++)
		if (m->marks.at[i].set)
			return "marks are lost";
	return NULL;
}

static void close_or_quit(struct screen *s)
{
	const char *loss = loss_at_end(s->model);

	if (s->kind != VIEW_LOG) {
		close_view(s);
	} else if (loss && !s->asked_to_end) {
		s->asked_to_end = true;
		model_say(s->model, "%s: q again ends kmeta-browse", loss);
	} else {
		browser_of(s)->quit = true;
	}
}

static void quit_at_once(struct screen *s)
{
	browser_of(s)->quit = true;
}

static void next_part(struct screen *s)
{
	if (s->focus == FOCUS_LOG && s->kind != VIEW_LOG)
		s->focus = FOCUS_VIEW;
	else if (s->focus == FOCUS_VIEW && s->kind == VIEW_RECORD)
		s->focus = FOCUS_BYTES;
	else
		s->focus = FOCUS_LOG;
	if (s->kind == VIEW_LOG)
		model_say(s->model, "there is only the log: Enter opens the record, s the state");
}

static void previous_part(struct screen *s)
{
	next_part(s);
	if (s->kind == VIEW_RECORD)
		next_part(s);
}

static void toggle_zoom(struct screen *s)
{
	s->zoomed = !s->zoomed && s->kind != VIEW_LOG;
}

static void show_help(struct screen *s)
{
	s->wanted = VIEW_HELP;
}

static void show_state(struct screen *s)
{
	way_open(s, VIEW_STATE);
}

static void show_diff(struct screen *s)
{
	way_open(s, VIEW_DIFF);
}

static void show_statistics(struct screen *s)
{
	way_open(s, VIEW_STATISTICS);
}

/* ---- the rest ---- */

/* False: nothing was going on. */
static bool stop_work(struct screen *s)
{
	struct model *m = s->model;

	s->search_waits = false;
	if (search_stop(m) || task_stop(m) || cursor_give_up(m)) {
		model_say(m, "stopped");
		return true;
	}
	if (!m->filter.terms || !job_is_running(&m->filter.job))
		return false;
	filter_clear(m);
	cursor_refresh(m);
	model_say(m, "stopped: there is no filter, and everything is shown");
	return true;
}

static void interrupt(struct screen *s)
{
	if (!stop_work(s))
		model_say(s->model, "q ends kmeta-browse");
}

/* A terminal may cut a key into Esc and the rest: Esc must do nothing that is missed. */
static void take_back(struct screen *s)
{
	if (stop_work(s))
		return;
	if (s->kind != VIEW_LOG)
		close_view(s);
	else if (!s->had_message)
		model_say(s->model, "q ends kmeta-browse");
}

static void show_nodes(struct screen *s)
{
	way_open(s, VIEW_NODES);
}

static void show_events(struct screen *s)
{
	way_open(s, VIEW_EVENTS);
}

static void suspend_browser(struct screen *s)
{
	if (browser_of(s)->terminal)
		terminal_suspend(browser_of(s)->terminal);
}

static void redraw_screen(struct screen *s)
{
	if (browser_of(s)->terminal)
		terminal_redraw(browser_of(s)->terminal);
}

static void toggle_secrets(struct screen *s)
{
	model_toggle_secrets(s->model);
}

static void toggle_following(struct screen *s)
{
	model_toggle_following(s->model);
}

static const struct binding browser_keys[] = {
	{ 'j', "j k, arrows", "down and up, by as many lines as were typed before", move_down,
	  "down" },
	{ PRESS_DOWN, NULL, NULL, move_down, NULL },
	{ 'k', NULL, NULL, move_up, "up" },
	{ PRESS_UP, NULL, NULL, move_up, NULL },
	{ CONTROL('d'), "^D ^U", "down and up by half a screen", move_half_down, "half-down" },
	{ CONTROL('u'), NULL, NULL, move_half_up, "half-up" },
	{ ' ', "Space b, PageDown PageUp", "down and up by a screen", move_page_down, "page-down" },
	{ PRESS_PAGE_DOWN, NULL, NULL, move_page_down, NULL },
	{ CONTROL('f'), NULL, NULL, move_page_down, NULL },
	{ 'b', NULL, NULL, move_page_up, "page-up" },
	{ PRESS_PAGE_UP, NULL, NULL, move_page_up, NULL },
	{ CONTROL('b'), NULL, NULL, move_page_up, NULL },
	{ 'g', "g G, Home End", "to the start and the end", move_to_start, "start" },
	{ PRESS_HOME, NULL, NULL, move_to_start, NULL },
	{ 'G', NULL, NULL, move_to_end, "end" },
	{ PRESS_END, NULL, NULL, move_to_end, NULL },
	{ 'h', "h l, Left Right", "to the left and right", move_left, "left" },
	{ PRESS_LEFT, NULL, NULL, move_left, NULL },
	{ 'l', NULL, NULL, move_right, "right" },
	{ PRESS_RIGHT, NULL, NULL, move_right, NULL },
	{ '\t', "Tab", "to the next part of the screen: log, view, bytes", next_part, "next-part" },
	{ PRESS_BACK_TAB, NULL, NULL, previous_part, "previous-part" },
	{ 'z', "z", "this part alone, or all again", toggle_zoom, "zoom" },
	{ 's', "s", "the state at the log's cursor", show_state, "state" },
	{ 'd', "d", "what changed between the mark and the cursor", show_diff, "diff" },
	{ 't', "t", "statistics", show_statistics, "statistics" },
	{ '=', "=", "the other logs beside this one: where they part, their records here",
	  show_nodes, "nodes" },
	{ 'E', "E", "what happened: events, and a chart of them over time", show_events, "events" },
	{ PRESS_BACKSPACE, "Backspace", "back to where a jump or another view was opened from",
	  go_back, "back" },
	{ '[', "[ ]", "to the change of the selected entity before, and after", step_backwards,
	  "previous-change" },
	{ ']', NULL, NULL, step_forwards, "next-change" },
	{ '/', "/ ?", "search forwards, backwards, for a regular expression; ? is on \\",
	  ask_search, "search" },
	{ '\\', NULL, NULL, ask_search_backwards, "search-backwards" },
	{ 'n', "n N", "the next match, the one before", search_again, "next-match" },
	{ 'N', NULL, NULL, search_back, "previous-match" },
	{ '&', "&", "only what matches terms: type=PARTITION_CHANGE topic=orders; none: everything",
	  ask_filter, "filter" },
	{ ':', ":", ":OFFSET, :@TIME, :PERCENT%, :topics and other tables, :events, :w FILE, :q",
	  ask_command, "command" },
	{ 'F', "F", "follow: go to new records as they come", toggle_following, "follow" },
	{ 'y', "y Y", "copy the record as JSON to the clipboard, or to a file", copy_record,
	  "copy-record" },
	{ 'Y', NULL, NULL, ask_file_of_record, "write-record" },
	{ 'w', "w", "write what is shown to a file", ask_file_of_screen, "write-screen" },
	{ 'X', "X", "show secrets, or hide them", toggle_secrets, "secrets" },
	{ '?', "?, F1", "this help", show_help, "help" },
	{ PRESS_F1, NULL, NULL, show_help, NULL },
	{ 'q', "q", "close the view, or end; asks if marks or work would be lost", close_or_quit,
	  "close" },
	{ 'Q', "Q", "end at once", quit_at_once, "quit-at-once" },
	{ PRESS_ESCAPE, "Esc", "stop what is going on, or close the view; never ends", take_back,
	  "stop-or-close" },
	{ CONTROL('c'), "^C", "stop what is going on", interrupt, "stop" },
	{ CONTROL('l'), "^L", "redraw the screen", redraw_screen, "redraw" },
	{ CONTROL('z'), "^Z", "suspend; fg goes on", suspend_browser, "suspend" },
	{ PRESS_CLICK, NULL, NULL, click_line, NULL },
	{ PRESS_WHEEL_UP, NULL, NULL, wheel_up, NULL },
	{ PRESS_WHEEL_DOWN, NULL, NULL, wheel_down, NULL },
};

const struct bindings browser_bindings = { browser_keys,
	                                   sizeof(browser_keys) / sizeof(browser_keys[0]) };

/* ---- keys ---- */

static bool take_count(struct screen *s, int key)
{
	if (key < '0' || key > '9' || (key == '0' && s->count < 0))
		return false;
	s->count = (s->count < 0 ? 0 : s->count) * 10 + key - '0';
	if (s->count > INT32_MAX)
		s->count = INT32_MAX;
	return true;
}

static void press_prompt(struct browser *b, int key)
{
	const size_t kept = b->prompt.past_count;
	const enum prompt_end end = prompt_press(&b->prompt, key);

	if (end != PROMPT_GOES_ON)
		b->model.message[0] = '\0';
	if (b->prompt.past_count > kept && b->terminal)
		past_keep(&b->prompt);
	if (end == PROMPT_ENTERED)
		prompt_finish(&b->prompt);
}

static void act(struct browser *b, int key)
{
	struct screen *s = &b->screen;
	screen_action *action = s->letter;
	char name[16];

	s->had_message = b->model.message[0] != '\0';
	s->asked_to_end = s->asked_to_end && key == 'q';
	b->model.message[0] = '\0';
	s->letter = NULL;
	if (key == PRESS_ESCAPE && (action || s->count >= 0)) {
		s->count = -1;
		return;
	}
	if (!action) {
		if (take_count(s, key))
			return;
		action = browser_key(s, key);
	}
	if (action)
		action(s);
	else
		model_say(&b->model, "%s does nothing here: ? lists the keys",
		          press_name(key, name, sizeof(name)));
	s->count = -1;
}

void browser_press(struct browser *b, int key)
{
	if (key == PRESS_RESIZE)
		return;
	b->shows_hints = false;
	b->screen.key = key;
	b->screen.wanted = VIEWS;
	if (b->prompt.active)
		press_prompt(b, key);
	else
		act(b, key);
	open_wanted(b);
	if (b->screen.asks)
		ask_for_view(&b->screen);
	browser_settle(b);
}
