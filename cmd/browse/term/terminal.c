/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.c: the terminal, by ncurses: screen, keys, mouse, and how to restore it. */
#define NCURSES_WIDECHAR 1
#include "terminal.h"

#include <curses.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

enum { ESCAPE_DELAY = 100, RESTORE_LIMIT = 256, COPY_LIMIT = 1 << 20, KEY_NUMBERS = 1000 };

struct terminal {
	SCREEN *screen;
	FILE *file;
	bool color;
	int click_y, click_x;
};

/* ---- signals: handlers can reach nothing but what lies still ---- */

static volatile sig_atomic_t ended;

static struct {
	int fd;
	struct termios modes;
	char sequence[RESTORE_LIMIT];
	size_t size;
} restore = { .fd = -1 };

int terminal_ended(void)
{
	return ended;
}

static void on_end(int number)
{
	ended = number;
}

/* After a crash the state of ncurses may be corrupt: restore the terminal without it. */
static void on_crash(int number)
{
	if (restore.fd >= 0) {
		if (write(restore.fd, restore.sequence, restore.size) < 0)
			restore.size = 0;
		tcsetattr(restore.fd, TCSANOW, &restore.modes);
	}
	signal(number, SIG_DFL);
	raise(number);
}

static void catch_signals(void)
{
	static const int ends[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	struct sigaction action = { .sa_handler = on_end };

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaction(ends[i], &action, NULL);
	action.sa_handler = on_crash;
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		sigaction(crashes[i], &action, NULL);
}

static void add_restore_text(const char *text)
{
	const size_t size = strlen(text);

	if (restore.size + size > sizeof(restore.sequence))
		return;
	memcpy(restore.sequence + restore.size, text, size);
	restore.size += size;
}

static void add_restore(const char *capability)
{
	const char *text = tigetstr(capability);

	if (text && text != (const char *)-1)
		add_restore_text(text);
}

/* terminfo says whether there is a mouse. The sequence to release it is the same everywhere. */
static void add_restore_mouse(void)
{
	const char *text = tigetstr("kmous");

	if (text && text != (const char *)-1)
		add_restore_text("\x1b[?1006l\x1b[?1000l");
}

/* ---- opening and closing ---- */

static bool can_move(void)
{
	const char *cup = tigetstr("cup");

	return cup && cup != (const char *)-1;
}

static void set_colors(struct terminal *t)
{
	if (!t->color || !has_colors() || start_color() == ERR) {
		t->color = false;
		return;
	}
	use_default_colors();
	for (short i = RED; i <= CYAN; i++)
		init_pair(i, i, -1);
}

static void set_modes(void)
{
	/* Read ^C and ^Z as keys: what they do depends on the work that runs. */
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_DELAY);
	mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0);
}

/* This entry was read only to test the terminal; newterm() reads its own. */
static void forget_terminfo(void)
{
	if (cur_term)
		del_curterm(cur_term);
}

static struct terminal *refuse(struct terminal *t, char *why, size_t why_size, const char *text)
{
	const char *name = getenv("TERM");

	snprintf(why, why_size, text, name ? name : "");
	if (t && t->screen) {
		endwin();
		delscreen(t->screen);
	}
	forget_terminfo();
	if (t && t->file)
		fclose(t->file);
	free(t);
	return NULL;
}

struct terminal *terminal_open(bool color, char *why, size_t why_size)
{
	struct terminal *t = calloc(1, sizeof(*t));
	const char *name = getenv("TERM");
	int error = 0;

	if (!t)
		return refuse(t, why, why_size, "out of memory%.0s");
	if (!isatty(STDOUT_FILENO))
		return refuse(t, why, why_size, "standard output is no terminal: use --print%.0s");
	t->file = fopen("/dev/tty", "r+e");
	if (!t->file)
		return refuse(t, why, why_size, "there is no terminal: use --print%.0s");
	/* newterm() ends the process if it does not know the terminal: test it first. */
	if (!name || !*name || setupterm(name, fileno(t->file), &error) == ERR)
		return refuse(t, why, why_size,
		              "the terminal '%s' is not known: set TERM, or use --print");
	if (!can_move())
		return refuse(t, why, why_size,
		              "the terminal '%s' cannot move its cursor: set TERM, or use --print");
	restore.size = 0;
	add_restore("sgr0");
	add_restore_mouse();
	add_restore("cnorm");
	add_restore("rmkx");
	add_restore("rmcup");
	tcgetattr(fileno(t->file), &restore.modes);
	forget_terminfo();
	t->screen = newterm(NULL, t->file, t->file);
	if (!t->screen)
		return refuse(t, why, why_size, "the terminal '%s' cannot be used: use --print");
	restore.fd = fileno(t->file);
	t->color = color;
	set_colors(t);
	set_modes();
	catch_signals();
	return t;
}

void terminal_close(struct terminal *t)
{
	if (!t)
		return;
	restore.fd = -1;
	/* A terminal without a second screen keeps this one: end on an empty last line. */
	if (move(LINES - 1, 0) == OK && clrtoeol() == OK)
		refresh();
	endwin();
	delscreen(t->screen);
	fclose(t->file);
	free(t);
}

/* ---- the screen ---- */

void terminal_size(const struct terminal *t, int *width, int *height)
{
	(void)t;
	getmaxyx(stdscr, *height, *width);
}

static attr_t attributes(unsigned style)
{
	attr_t result = A_NORMAL;

	if (style & STYLE_BOLD)
		result |= A_BOLD;
	if (style & STYLE_DIM)
		result |= A_DIM;
	if (style & STYLE_REVERSE)
		result |= A_REVERSE;
	if (style & STYLE_UNDERLINE)
		result |= A_UNDERLINE;
	return result;
}

void terminal_draw(struct terminal *t, const struct grid *grid)
{
	int width, height;

	terminal_size(t, &width, &height);
	erase();
	for (int y = 0; y < grid->height && y < height; y++)
		for (int x = 0; x < grid->width && x < width; x++) {
			const struct cell *cell = &grid->cells[y * grid->width + x];
			const wchar_t text[2] = { cell->text, L'\0' };
			const short pair = t->color ? (short)(cell->style & STYLE_COLOR) : 0;
			cchar_t c;

			if (cell->width &&
			    setcchar(&c, text, attributes(cell->style), pair, NULL) == OK)
				mvadd_wch(y, x, &c);
		}
	curs_set(grid->cursor_y >= 0);
	if (grid->cursor_y >= 0)
		move(grid->cursor_y, grid->cursor_x);
	refresh();
}

/* ---- keys ---- */

static int press_of(wint_t key)
{
	static const struct {
		wint_t key;
		int press;
	} keys[] = {
		{ KEY_UP, PRESS_UP },
		{ KEY_DOWN, PRESS_DOWN },
		{ KEY_LEFT, PRESS_LEFT },
		{ KEY_RIGHT, PRESS_RIGHT },
		{ KEY_PPAGE, PRESS_PAGE_UP },
		{ KEY_NPAGE, PRESS_PAGE_DOWN },
		{ KEY_HOME, PRESS_HOME },
		{ KEY_END, PRESS_END },
		{ KEY_BACKSPACE, PRESS_BACKSPACE },
		{ KEY_DC, PRESS_DELETE },
		{ KEY_BTAB, PRESS_BACK_TAB },
		{ KEY_ENTER, '\n' },
		{ KEY_RESIZE, PRESS_RESIZE },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].key == key)
			return keys[i].press;
	return PRESS_NONE;
}

static int read_mouse(struct terminal *t)
{
	MEVENT event;

	if (getmouse(&event) == ERR)
		return PRESS_NONE;
	t->click_y = event.y;
	t->click_x = event.x;
	if (event.bstate & BUTTON4_PRESSED)
		return PRESS_WHEEL_UP;
	if (event.bstate & BUTTON5_PRESSED)
		return PRESS_WHEEL_DOWN;
	return PRESS_CLICK;
}

/*
 * Terminals send keys that their terminfo entry does not have, as Esc with bytes right after it. Do
 * not take these for Esc, which closes something, and letters.
 */
static int read_sequence(void)
{
	static const struct {
		wint_t end, number;
		int press;
	} keys[] = {
		{ 'A', 0, PRESS_UP },       { 'B', 0, PRESS_DOWN },    { 'C', 0, PRESS_RIGHT },
		{ 'D', 0, PRESS_LEFT },     { 'H', 0, PRESS_HOME },    { 'F', 0, PRESS_END },
		{ 'Z', 0, PRESS_BACK_TAB }, { '~', 1, PRESS_HOME },    { '~', 3, PRESS_DELETE },
		{ '~', 4, PRESS_END },      { '~', 5, PRESS_PAGE_UP }, { '~', 6, PRESS_PAGE_DOWN },
		{ '~', 7, PRESS_HOME },     { '~', 8, PRESS_END },
	};
	wint_t key, number = 0;

	if (get_wch(&key) != OK)
		return PRESS_ESCAPE;
	if (key != '[' && key != 'O') {
		unget_wch((wchar_t)key);
		return PRESS_ESCAPE;
	}
	while (get_wch(&key) == OK && (key < '@' || key > '~'))
		number = key >= '0' && key <= '9' && number < KEY_NUMBERS ? number * 10 + key - '0'
		                                                          : KEY_NUMBERS;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].end == key && keys[i].number == number)
			return keys[i].press;
	return PRESS_NONE;
}

int terminal_key(struct terminal *t)
{
	for (;;) {
		wint_t key;
		const int kind = get_wch(&key);
		int press;

		if (kind == ERR)
			return PRESS_NONE;
		if (kind == OK && key == PRESS_ESCAPE) {
			press = read_sequence();
			if (press != PRESS_NONE)
				return press;
			continue;
		}
		if (kind == OK)
			return key == '\r'              ? '\n'
			       : key == 127 || key == 8 ? PRESS_BACKSPACE
			                                : (int)key;
		press = key == KEY_MOUSE ? read_mouse(t) : press_of(key);
		if (press != PRESS_NONE)
			return press;
	}
}

void terminal_wait(struct terminal *t, int wake, int milliseconds)
{
	struct pollfd events[] = { { .fd = fileno(t->file), .events = POLLIN },
		                   { .fd = wake, .events = POLLIN } };
	char bytes[64];

	if (poll(events, 2, milliseconds) <= 0)
		return;
	if (events[1].revents & POLLIN && read(wake, bytes, sizeof(bytes)) < 0)
		return;
	/* The terminal is gone, and no signal said so. */
	if (events[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		ended = SIGHUP;
}

void terminal_click(const struct terminal *t, int *y, int *x)
{
	*y = t->click_y;
	*x = t->click_x;
}

void terminal_suspend(struct terminal *t)
{
	endwin();
	fflush(t->file);
	kill(0, SIGTSTP);
	refresh();
}

/* ---- the clipboard ---- */

void terminal_copy(struct terminal *t, struct kmeta_bytes text)
{
	struct kmeta_buffer sequence = { 0 };

	if (text.size > COPY_LIMIT)
		text.size = COPY_LIMIT;
	kmeta_buffer_format(&sequence, "\x1b]52;c;");
	kmeta_base64(&sequence, text);
	kmeta_buffer_format(&sequence, "\a");
	if (!sequence.failed)
		fwrite(sequence.at, 1, sequence.size, t->file);
	fflush(t->file);
	kmeta_buffer_release(&sequence);
}
