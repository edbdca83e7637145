/* SPDX-License-Identifier: Apache-2.0 */
/* actions.c: which keys do what, but for those that a view has of its own. */
#include "browser.h"

/* ---- actions ---- */

static void move(struct browser *b, enum motion motion)
{
	const int64_t count = b->count > 0 ? b->count : 1;

	if (b->focus == FOCUS_LOG)
		log_move(b, motion, count);
	else if (b->focus == FOCUS_BYTES)
		record_bytes_move(b, motion, count);
	else
		browser_move(b, motion, count);
}

#define MOVE(name, motion)                  \
	static void name(struct browser *b) \
	{                                   \
		move(b, motion);            \
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

static void quit(struct browser *b)
{
	if (b->kind == VIEW_HELP)
		browser_show(b, b->kind_before_help);
	else if (b->kind != VIEW_NONE)
		browser_show(b, VIEW_NONE);
	else
		b->quit = true;
}

static void quit_at_once(struct browser *b)
{
	b->quit = true;
}

static void interrupt(struct browser *b)
{
	if (browser_stop(b))
		browser_say(b, "stopped");
	else if (b->filter && job_is_running(&b->filter_job))
		filter_release(b);
	else
		browser_say(b, "q ends kmeta-browse");
}

static void suspend(struct browser *b)
{
	if (b->terminal)
		terminal_suspend(b->terminal);
}

static void next_part(struct browser *b)
{
	if (b->focus == FOCUS_LOG && b->kind != VIEW_NONE)
		b->focus = FOCUS_VIEW;
	else if (b->focus == FOCUS_VIEW && b->kind == VIEW_RECORD)
		b->focus = FOCUS_BYTES;
	else
		b->focus = FOCUS_LOG;
	if (b->kind == VIEW_NONE)
		browser_say(b, "there is only the log: Enter opens the record, s the state");
}

static void previous_part(struct browser *b)
{
	next_part(b);
	if (b->kind == VIEW_RECORD)
		next_part(b);
}

static void zoom(struct browser *b)
{
	b->zoomed = !b->zoomed && b->kind != VIEW_NONE;
}

static void show_help(struct browser *b)
{
	browser_show(b, VIEW_HELP);
}

static void show_state(struct browser *b)
{
	browser_show(b, VIEW_STATE);
}

static void show_diff(struct browser *b)
{
	browser_show(b, VIEW_DIFF);
}

static void show_statistics(struct browser *b)
{
	browser_show(b, VIEW_STATISTICS);
}

static void toggle_secrets(struct browser *b)
{
	struct rows_options options = rows_options(b->rows);

	options.flags ^= KMETA_SHOW_SECRETS;
	b->common.flags ^= KMETA_SHOW_SECRETS;
	rows_restyle(b->rows, options.flags);
	browser_say(b, options.flags & KMETA_SHOW_SECRETS ? "secrets are shown"
	                                                  : "secrets are hidden");
	b->state.shown = -1;
	browser_moved(b);
}

static void toggle_following(struct browser *b)
{
	b->following = !b->following;
	browser_say(b, b->following ? "following: new records are gone to as they come"
	                            : "no longer following");
	if (b->following)
		log_move(b, TO_END, 1);
}

static void click(struct browser *b)
{
	int y, x;
	const struct area *log = &b->log_area, *view = &b->view_area;

	if (!b->terminal)
		return;
	terminal_click(b->terminal, &y, &x);
	/* The log's first row is its heading. */
	if (y > log->y && y < log->y + log->height) {
		b->focus = FOCUS_LOG;
		log_go(b, b->log.top);
		log_move(b, LINE_DOWN, y - log->y - 1);
	} else if (b->kind != VIEW_NONE && y >= view->y && y < view->y + view->height) {
		b->focus = FOCUS_VIEW;
		/* A step by nothing tells the view of its cursor. */
		if (outline_click(browser_outline(b), y))
			browser_move(b, LINE_DOWN, 0);
	}
}

static void wheel_up(struct browser *b)
{
	b->count = 3;
	move(b, LINE_UP);
}

static void wheel_down(struct browser *b)
{
	b->count = 3;
	move(b, LINE_DOWN);
}

static void backwards_in_history(struct browser *b)
{
	history_step(b, true);
}

static void forwards_in_history(struct browser *b)
{
	history_step(b, false);
}

static const struct binding keys[] = {
	{ 'j', "j k, arrows", "down and up, by as many lines as were typed before", move_down },
	{ PRESS_DOWN, NULL, NULL, move_down },
	{ 'k', NULL, NULL, move_up },
	{ PRESS_UP, NULL, NULL, move_up },
	{ CONTROL('d'), "^D ^U", "down and up by half a screen", move_half_down },
	{ CONTROL('u'), NULL, NULL, move_half_up },
	{ ' ', "Space b, PageDown PageUp", "down and up by a screen", move_page_down },
	{ PRESS_PAGE_DOWN, NULL, NULL, move_page_down },
	{ CONTROL('f'), NULL, NULL, move_page_down },
	{ 'b', NULL, NULL, move_page_up },
	{ PRESS_PAGE_UP, NULL, NULL, move_page_up },
	{ CONTROL('b'), NULL, NULL, move_page_up },
	{ 'g', "g G, Home End", "to the start and the end", move_to_start },
	{ PRESS_HOME, NULL, NULL, move_to_start },
	{ 'G', NULL, NULL, move_to_end },
	{ PRESS_END, NULL, NULL, move_to_end },
	{ 'h', "h l, Left Right", "to the left and right", move_left },
	{ PRESS_LEFT, NULL, NULL, move_left },
	{ 'l', NULL, NULL, move_right },
	{ PRESS_RIGHT, NULL, NULL, move_right },
	{ '\t', "Tab", "to the next part of the screen: log, view, bytes", next_part },
	{ PRESS_BACK_TAB, NULL, NULL, previous_part },
	{ 'z', "z", "this part alone, or all again", zoom },
	{ 's', "s", "the state at the log's cursor", show_state },
	{ 'd', "d", "what changed between the mark and the cursor", show_diff },
	{ 't', "t", "statistics", show_statistics },
	{ '[', "[ ]", "to the change of the selected entity before, and after",
	  backwards_in_history },
	{ ']', NULL, NULL, forwards_in_history },
	{ '/', "/ ?", "search forwards, backwards, for a regular expression; ? is on \\",
	  search_ask },
	{ '\\', NULL, NULL, search_ask_backwards },
	{ 'n', "n N", "the next match, the one before", search_next },
	{ 'N', NULL, NULL, search_previous },
	{ '&', "&", "only what matches terms: type=PARTITION_CHANGE topic=orders; none: everything",
	  filter_ask },
	{ ':', ":", ":OFFSET, :@TIME, :PERCENT%, :w FILE, :q", command_ask },
	{ 'F', "F", "follow: go to new records as they come", toggle_following },
	{ 'y', "y Y", "copy the record as JSON to the clipboard, or to a file", copy_record },
	{ 'Y', NULL, NULL, write_record_ask },
	{ 'w', "w", "write what is shown to a file", write_ask },
	{ 'X', "X", "show secrets, or hide them", toggle_secrets },
	{ '?', "?", "this help", show_help },
	{ 'q', "q", "close the view, or end", quit },
	{ PRESS_ESCAPE, NULL, NULL, quit },
	{ 'Q', "Q", "end at once", quit_at_once },
	{ CONTROL('c'), "^C", "stop what is going on", interrupt },
	{ CONTROL('z'), "^Z", "suspend; fg goes on", suspend },
	{ PRESS_CLICK, NULL, NULL, click },
	{ PRESS_WHEEL_UP, NULL, NULL, wheel_up },
	{ PRESS_WHEEL_DOWN, NULL, NULL, wheel_down },
};

const struct bindings browser_bindings = { keys, sizeof(keys) / sizeof(keys[0]) };

/* ---- keys ---- */

static browser_action *find_action(struct bindings bindings, int key)
{
	for (size_t i = 0; i < bindings.count; i++)
		if (bindings.at[i].key == key)
			return bindings.at[i].act;
	return NULL;
}

static browser_action *action_of(const struct browser *b, int key)
{
	const struct view *view = browser_view(b);
	browser_action *action = NULL;

	if (b->focus == FOCUS_LOG)
		action = find_action(log_bindings, key);
	else if (b->focus == FOCUS_VIEW && view)
		action = find_action(view->bindings, key);
	if (!action)
		action = find_action(browser_bindings, key);
	/* What only the log can do it does from wherever the focus is. */
	return action ? action : find_action(log_bindings, key);
}

static bool take_count(struct browser *b, int key)
{
	if (key < '0' || key > '9' || (key == '0' && b->count < 0))
		return false;
	b->count = (b->count < 0 ? 0 : b->count) * 10 + key - '0';
	if (b->count > INT32_MAX)
		b->count = INT32_MAX;
	return true;
}

void browser_press(struct browser *b, int key)
{
	browser_action *action;

	if (key == PRESS_RESIZE)
		return;
	b->key = key;
	if (b->prompt.active) {
		prompt_press(b, key);
		return;
	}
	b->message[0] = '\0';
	if (b->letter) {
		action = b->letter;
		b->letter = NULL;
		action(b);
		return;
	}
	if (take_count(b, key))
		return;
	action = action_of(b, key);
	if (action) {
		action(b);
	} else {
		char name[16];

		browser_say(b, "%s does nothing here: ? lists the keys",
		            press_name(key, name, sizeof(name)));
	}
	b->count = -1;
}
