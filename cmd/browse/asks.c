/* SPDX-License-Identifier: Apache-2.0 */
/* asks.c: prompts on the last line: for a search, a filter, a command, the name of a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "browser.h"

static void ask(struct screen *s, char lead, const char *title, prompt_enter *enter)
{
	prompt_ask(&browser_of(s)->prompt, lead, title, enter, browser_of(s));
}

/* ---- searching ---- */

static void search_view(struct screen *s)
{
	const struct view *view = screen_view(s);

	if (view->search)
		view->search(s, s->search_back);
	else
		search_say(
			s->model,
			outline_search(view->outline(s), s->model->search.pattern, s->search_back),
			false);
}

void search_when_ready(struct screen *s)
{
	const bool busy = s->search_in_log ? s->model->cursor.aim.reach != NULL
	                                   : job_is_running(&s->model->task.job);

	if (!s->search_waits || busy)
		return;
	s->search_waits = false;
	if (s->search_in_log)
		search_log(s->model, s->search_back);
	else
		search_view(s);
}

static void search_on(struct browser *b, bool backwards)
{
	struct screen *s = &b->screen;
	const struct search *search = &b->model.search;

	if (!search->pattern) {
		model_say(&b->model, "nothing was searched for yet: / asks what");
		return;
	}
	s->search_back = backwards != search->backwards;
	s->search_in_log = s->focus == FOCUS_LOG || s->kind == VIEW_LOG;
	s->search_waits = true;
	search_when_ready(s);
}

void search_again(struct screen *s)
{
	search_on(browser_of(s), false);
}

void search_back(struct screen *s)
{
	search_on(browser_of(s), true);
}

/* As in vi and less, an empty text repeats the last search. */
static void enter_search(struct browser *b, const char *text, bool backwards)
{
	if ((*text || !b->model.search.pattern) && !search_set(&b->model, text))
		return;
	b->model.search.backwards = backwards;
	search_on(b, false);
}

static void enter_forwards(void *browser, const char *text)
{
	enter_search(browser, text, false);
}

static void enter_backwards(void *browser, const char *text)
{
	enter_search(browser, text, true);
}

void ask_search(struct screen *s)
{
	ask(s, '/', "", enter_forwards);
}

void ask_search_backwards(struct screen *s)
{
	ask(s, '?', "backwards ", enter_backwards);
}

/* ---- filtering ---- */

static void enter_filter(void *browser, const char *text)
{
	struct browser *b = browser;

	search_stop(&b->model);
	filter_enter(&b->model, text);
}

void ask_filter(struct screen *s)
{
	ask(s, '&', "", enter_filter);
	if (!s->model->filter.text)
		model_say(s->model,
		          "terms as kmeta-dump's options: type= topic= partition= broker= "
		          "offset=A..B time= epoch= or words");
}

/* ---- going ---- */

static void go_to_time(struct browser *b, const char *text)
{
	struct kmeta_point point;
	struct kmeta_finding why;

	if (kmeta_point_parse(text, common_clock(&b->model.address, 1), false, &point, &why) !=
	    KMETA_OK) {
		model_complain(&b->model, "%s", why.message);
		return;
	}
	way_push(&b->screen);
	cursor_go_point(&b->model, point);
}

/* ":brokers/12" opens the tree of the state at that entity. False: the text is no path. */
static bool open_path(struct browser *b, const char *text)
{
	const size_t size = strcspn(text, "/");
	struct screen *s = &b->screen;
	struct kmeta_buffer path = { 0 };
	struct kmeta_finding why;

	if (!text[size] || kmeta_entity_kind_find(text, size) == KMETA_ENTITY_KINDS ||
	    kmeta_entity_word(&path, text, &why) != KMETA_OK)
		return false;
	kmeta_buffer_add(&path, "", 1);
	way_push(s);
	wish_release(&s->wish);
	s->wish.path = path.failed ? NULL : strdup(path.at);
	kmeta_buffer_release(&path);
	s->wish.unfolded = true;
	s->wanted = VIEW_STATE;
	return true;
}

/* ":partitions leader=none" opens the table of a kind. False: the word names none. */
static bool open_table(struct browser *b, const char *text)
{
	const size_t size = strcspn(text, " ");
	const enum kmeta_entity_kind kind = kmeta_entity_kind_find(text, size);
	struct screen *s = &b->screen;

	if (kind == KMETA_ENTITY_KINDS)
		return false;
	way_push(s);
	wish_release(&s->wish);
	s->wish.table = kind;
	s->wish.terms = strdup(text + size + strspn(text + size, " "));
	s->wanted = VIEW_TABLE;
	return true;
}

/* False: the word is the name of no action. */
static bool run_action(struct browser *b, const char *text)
{
	screen_action *action = browser_action(&b->screen, text);

	if (action)
		action(&b->screen);
	return action != NULL;
}

static void enter_command(void *browser, const char *text)
{
	struct browser *b = browser;
	char *end;
	int64_t number;

	text += strspn(text, " ");
	if (*text == '@') {
		go_to_time(b, text + 1);
		return;
	}
	if (!strcmp(text, "q") || !strcmp(text, "quit")) {
		b->quit = true;
		return;
	}
	if (!strncmp(text, "w ", 2)) {
		take_screen(b, text + 2 + strspn(text + 2, " "));
		return;
	}
	if (open_path(b, text) || open_table(b, text) || run_action(b, text))
		return;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (end == text || errno || (*end && strcmp(end, "%") != 0) || number < 0) {
		model_complain(
			&b->model,
			"'%s' is no offset: use :OFFSET, :@TIME, :PERCENT%%, :topics, :w FILE, :q",
			text);
	} else if (*end) {
		way_push(&b->screen);
		cursor_go_percent(&b->model, number);
	} else {
		way_push(&b->screen);
		cursor_go_offset(&b->model, number);
	}
}

void ask_command(struct screen *s)
{
	ask(s, ':', "", enter_command);
}

/* ---- what views ask for ---- */

static void enter_in_view(void *browser, const char *text)
{
	struct browser *b = browser;
	const struct view *view = screen_view(&b->screen);

	if (view->enter)
		view->enter(&b->screen, b->prompt.lead, text);
}

void ask_for_view(struct screen *s)
{
	const char lead = s->asks;

	s->asks = 0;
	ask(s, lead, lead == '+' ? "column " : "", enter_in_view);
}

/* ---- files ---- */

void ask_file_of_screen(struct screen *s)
{
	ask(s, ' ', "write what is shown to the file:", take_screen);
}

void ask_file_of_record(struct screen *s)
{
	ask(s, ' ', "write the record as JSON to the file:", take_record);
}
