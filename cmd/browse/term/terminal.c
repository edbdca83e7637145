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
#include <time.h>
#include <unistd.h>

#include "descriptions.h"

/*
 * On a slow line, the bytes of one key may come apart. ESCAPE_DELAY is how many milliseconds to wait
 * for the rest before Esc counts as a key by itself, SEQUENCE_DELAY how many for the end of a key
 * that has more than Esc.
 */
enum { ESCAPE_DELAY = 500, SEQUENCE_DELAY = 3000 };

enum { RESTORE_LIMIT = 256, COPY_LIMIT = 1 << 20, KEY_NUMBERS = 1000, MOUSE_LIMIT = 16 };

/* What get_wch() returned: a character, or the number of a key. */
struct input {
	int kind; /* ERR: nothing */
	wint_t key;
};

struct mouse {
	int press, y, x;
};

struct terminal {
	SCREEN *screen;
	FILE *file;
	const struct theme *theme; /* NULL: no colours */
	int click_y, click_x;
	struct input ahead; /* read too early */
	struct {
		enum { OUTSIDE, BEHIND_ESCAPE, INSIDE } where; /* of a key whose bytes come apart */
		int64_t since;
		wint_t number; /* as far as it was read */
	} sequence;
	struct mouse mouse[MOUSE_LIMIT]; /* the newest first, as ncurses has them */
	size_t mouse_count;
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

/* The pair of a colour on the background of the terminal, and on that of a selected line. */
static short pair_of(const struct theme *theme, unsigned style)
{
	const short color = (short)(style & STYLE_COLOR);

	return style & STYLE_SELECTED && theme->selected ? (short)(color + CYAN + 1) : color;
}

static void set_colors(struct terminal *t, enum ground ground)
{
	if (ground == GROUND_NONE || !has_colors() || start_color() == ERR)
		return;
	t->theme = theme_find(ground, COLORS);
	use_default_colors();
	for (unsigned i = 0; t->theme && i <= CYAN; i++) {
		const short color = i ? t->theme->colors[i] : -1;

		if (i)
			init_pair(pair_of(t->theme, i), color, -1);
		if (t->theme->selected)
			init_pair(pair_of(t->theme, i | STYLE_SELECTED), color, t->theme->selected);
	}
}

/* newterm() has taken the delay from the environment, if it is there. */
static void set_escape_delay(void)
{
	const char *wanted = getenv("ESCDELAY");

	if (!wanted || !*wanted)
		set_escdelay(ESCAPE_DELAY);
}

#define BUTTON(number) (BUTTON##number##_PRESSED | BUTTON##number##_RELEASED)

static void set_modes(void)
{
	/* Read ^C and ^Z as keys: what they do depends on the work that runs. */
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escape_delay();
	/*
	 * Act when a button goes down: ncurses makes a click of a press and a release only if they
	 * come together. Take what else buttons do as well: get_wch() waits, whatever nodelay()
	 * says, behind an event that is not wanted, and what was clicked is not drawn meanwhile.
	 */
	mousemask(BUTTON(1) | BUTTON(2) | BUTTON(3) | BUTTON(4) | BUTTON(5), NULL);
	mouseinterval(0);
}

#undef BUTTON

/* The description that fits best: of the name itself, or of the longest begin of it. */
static const struct terminal_description *find_description(const char *name)
{
	const struct terminal_description *best = NULL;
	size_t longest = 0;

	for (const struct terminal_description *d = terminal_descriptions; d->name; d++) {
		const size_t size = strlen(d->name);

		if (size > longest && !strncmp(name, d->name, size)) {
			best = d;
			longest = size;
		}
	}
	return best;
}

/* The name that ncurses knows the terminal by; NULL: by none. */
static const char *known_name(const char *name, int fd)
{
	const struct terminal_description *own;
	int error = 0;

	if (!name || !*name)
		return NULL;
	if (setupterm(name, fd, &error) != ERR)
		return name;
	own = find_description(name);
	if (!own || setenv("TERMINFO", own->description, 1) < 0 ||
	    setupterm(own->name, fd, &error) == ERR)
		return NULL;
	return own->name;
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

struct terminal *terminal_open(enum ground ground, char *why, size_t why_size)
{
	struct terminal *t = calloc(1, sizeof(*t));
	const char *name;

	if (!t)
		return refuse(t, why, why_size, "out of memory%.0s");
	if (!isatty(STDOUT_FILENO))
		return refuse(t, why, why_size, "standard output is no terminal: use --print%.0s");
	t->file = fopen("/dev/tty", "r+e");
	if (!t->file)
		return refuse(t, why, why_size, "there is no terminal: use --print%.0s");
	/* newterm() ends the process if it does not know the terminal: test it first. */
	name = known_name(getenv("TERM"), fileno(t->file));
	if (!name)
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
	t->screen = newterm(name, t->file, t->file);
	if (!t->screen)
		return refuse(t, why, why_size, "the terminal '%s' cannot be used: use --print");
	restore.fd = fileno(t->file);
	t->ahead.kind = ERR;
	set_colors(t, ground);
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

/* Without a background for it, a line shows by its underline that it is selected. */
static attr_t attributes(const struct theme *theme, unsigned style)
{
	attr_t result = A_NORMAL;

	if (style & STYLE_SELECTED)
		result |= theme && theme->selected ? A_BOLD : A_BOLD | A_UNDERLINE;
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
			const short pair = t->theme ? pair_of(t->theme, cell->style) : 0;
			cchar_t c;

			if (cell->width &&
			    setcchar(&c, text, attributes(t->theme, cell->style), pair, NULL) == OK)
				mvadd_wch(y, x, &c);
		}
	curs_set(grid->cursor_y >= 0);
	if (grid->cursor_y >= 0)
		move(grid->cursor_y, grid->cursor_x);
	refresh();
}

void terminal_redraw(struct terminal *t)
{
	(void)t;
	clearok(curscr, TRUE);
}

/* ---- keys ---- */

static struct input take_input(struct terminal *t)
{
	struct input input = t->ahead;

	t->ahead.kind = ERR;
	if (input.kind == ERR)
		input.kind = get_wch(&input.key);
	return input;
}

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
		{ KEY_F(1), PRESS_F1 },
		{ KEY_ENTER, '\n' },
		{ KEY_RESIZE, PRESS_RESIZE },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].key == key)
			return keys[i].press;
	return PRESS_NONE;
}

/* ---- the mouse ---- */

static int press_of_button(mmask_t state)
{
	return state & BUTTON4_PRESSED   ? PRESS_WHEEL_UP
	       : state & BUTTON5_PRESSED ? PRESS_WHEEL_DOWN
	       : state & BUTTON1_PRESSED ? PRESS_CLICK
	                                 : PRESS_NONE;
}

/* One key of ncurses stands for all that the mouse did since the last one. */
static void read_mouse(struct terminal *t)
{
	MEVENT event;

	while (getmouse(&event) == OK) {
		const int press = press_of_button(event.bstate);

		if (press != PRESS_NONE && t->mouse_count < MOUSE_LIMIT)
			t->mouse[t->mouse_count++] = (struct mouse){ press, event.y, event.x };
	}
}

static int take_mouse(struct terminal *t)
{
	const struct mouse *oldest = &t->mouse[--t->mouse_count];

	t->click_y = oldest->y;
	t->click_x = oldest->x;
	return oldest->press;
}

/* ---- sequences: Esc with bytes behind it ---- */

static int64_t milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Terminals send keys that their terminfo entry does not have. */
static int press_of_sequence(wint_t end, wint_t number)
{
	static const struct {
		wint_t end, number;
		int press;
	} keys[] = {
		{ 'A', 0, PRESS_UP },       { 'B', 0, PRESS_DOWN },    { 'C', 0, PRESS_RIGHT },
		{ 'D', 0, PRESS_LEFT },     { 'H', 0, PRESS_HOME },    { 'F', 0, PRESS_END },
		{ 'Z', 0, PRESS_BACK_TAB }, { '~', 1, PRESS_HOME },    { '~', 3, PRESS_DELETE },
		{ '~', 4, PRESS_END },      { '~', 5, PRESS_PAGE_UP }, { '~', 6, PRESS_PAGE_DOWN },
		{ '~', 7, PRESS_HOME },     { '~', 8, PRESS_END },     { 'P', 0, PRESS_F1 },
		{ '~', 11, PRESS_F1 },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].end == end && keys[i].number == number)
			return keys[i].press;
	return PRESS_NONE;
}

/* Reads on in a sequence. If its end is not there yet, the next call reads on. */
static int read_sequence(struct terminal *t)
{
	struct input input;

	while ((input = take_input(t)).kind == OK && input.key >= ' ' && input.key <= '~') {
		const wint_t number = t->sequence.number, key = input.key;

		if (key >= '@') {
			t->sequence.where = OUTSIDE;
			return press_of_sequence(key, number);
		}
		t->sequence.number = key >= '0' && key <= '9' && number < KEY_NUMBERS
		                             ? number * 10 + key - '0'
		                             : KEY_NUMBERS;
	}
	t->ahead = input;
	if (input.kind != ERR)
		t->sequence.where = OUTSIDE;
	return PRESS_NONE;
}

static int enter_sequence(struct terminal *t)
{
	t->sequence.where = INSIDE;
	t->sequence.number = 0;
	t->sequence.since = milliseconds_now();
	return read_sequence(t);
}

static bool begins_sequence(struct input input)
{
	return input.kind == OK && (input.key == '[' || input.key == 'O');
}

static int read_escape(struct terminal *t)
{
	const struct input next = take_input(t);

	if (begins_sequence(next))
		return enter_sequence(t);
	t->ahead = next;
	if (next.kind == ERR)
		t->sequence.where = BEHIND_ESCAPE;
	return PRESS_ESCAPE;
}

/*
 * True if this is the rest of a sequence whose Esc was taken for a key. Nobody types [ and the next
 * key at once.
 */
static bool is_late(struct terminal *t, struct input input)
{
	if (t->sequence.where != BEHIND_ESCAPE)
		return false;
	t->sequence.where = OUTSIDE;
	if (!begins_sequence(input) || t->ahead.kind != ERR)
		return false;
	t->ahead = take_input(t);
	return t->ahead.kind != ERR;
}

static int press_of_input(struct terminal *t, struct input input)
{
	if (input.kind == KEY_CODE_YES && input.key == KEY_MOUSE) {
		read_mouse(t);
		return PRESS_NONE;
	}
	if (input.kind == KEY_CODE_YES)
		return press_of(input.key);
	if (t->sequence.where == INSIDE && milliseconds_now() - t->sequence.since > SEQUENCE_DELAY)
		t->sequence.where = OUTSIDE;
	if (t->sequence.where == INSIDE) {
		t->ahead = input;
		return read_sequence(t);
	}
	if (is_late(t, input))
		return enter_sequence(t);
	if (input.key == PRESS_ESCAPE)
		return read_escape(t);
	return input.key == '\r'                    ? '\n'
	       : input.key == 127 || input.key == 8 ? PRESS_BACKSPACE
	                                            : (int)input.key;
}

int terminal_key(struct terminal *t)
{
	for (;;) {
		struct input input;
		int press;

		if (t->mouse_count)
			return take_mouse(t);
		input = take_input(t);
		if (input.kind == ERR)
			return PRESS_NONE;
		press = press_of_input(t, input);
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
