/* SPDX-License-Identifier: Apache-2.0 */
/* timestamp.c: prints and parses times as people write them: ISO 8601, relative, or of today. */
#include "print/timestamp.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"

static char *two_digits(char *at, int value)
{
	memcpy(at, digit_pairs + value * 2, 2);
	return at + 2;
}

static void print_zone(char zone[8], long seconds_east)
{
	const long minutes = labs(seconds_east) / 60;
	char *at = zone;

	*at++ = seconds_east < 0 ? '-' : '+';
	at = two_digits(at, (int)(minutes / 60 % 100));
	*at++ = ':';
	at = two_digits(at, (int)(minutes % 60));
	*at = '\0';
}

char *time_print(char *at, int64_t seconds, bool utc, char zone[8])
{
	const time_t when = (time_t)seconds;
	struct tm t;
	int year;

	/* A year of more than four digits comes from damaged bytes: print the number. */
	if (seconds < -62135596800 || seconds > 253402300799 ||
	    !(utc ? gmtime_r(&when, &t) : localtime_r(&when, &t))) {
		zone[0] = '\0';
		*at++ = '@';
		return digits_signed(at, seconds);
	}
	year = t.tm_year + 1900;
	at = two_digits(at, year / 100);
	at = two_digits(at, year % 100);
	*at++ = '-';
	at = two_digits(at, t.tm_mon + 1);
	*at++ = '-';
	at = two_digits(at, t.tm_mday);
	*at++ = 'T';
	at = two_digits(at, t.tm_hour);
	*at++ = ':';
	at = two_digits(at, t.tm_min);
	*at++ = ':';
	at = two_digits(at, t.tm_sec);
	if (utc)
		strcpy(zone, "Z");
	else
		print_zone(zone, t.tm_gmtoff);
	return at;
}

void kmeta_print_time(struct kmeta_buffer *out, int64_t milliseconds, unsigned flags)
{
	const int64_t seconds = milliseconds / 1000 - (milliseconds % 1000 < 0);
	const int rest = (int)(milliseconds % 1000 + (milliseconds % 1000 < 0 ? 1000 : 0));
	char zone[8];
	char *at = buffer_room(out, TIME_SIZE + 8);

	if (!at)
		return;
	at = time_print(at, seconds, flags & KMETA_SHOW_UTC, zone);
	*at++ = '.';
	*at++ = (char)('0' + rest / 100);
	at = two_digits(at, rest % 100);
	memcpy(at, zone, strlen(zone));
	buffer_wrote(out, at + strlen(zone));
}

/* ---- reading ---- */

struct reader {
	const char *at, *end;
};

static bool take_char(struct reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* Exactly "digits" decimal digits. */
static bool number(struct reader *r, int digits, int *value)
{
	int n = 0;

	if (r->end - r->at < digits)
		return false;
	for (int i = 0; i < digits; i++) {
		if (r->at[i] < '0' || r->at[i] > '9')
			return false;
		n = n * 10 + (r->at[i] - '0');
	}
	r->at += digits;
	*value = n;
	return true;
}

static bool long_number(struct reader *r, int64_t *value)
{
	const char *start = r->at;
	int64_t n = 0;

	while (r->at < r->end && *r->at >= '0' && *r->at <= '9') {
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *r->at - '0', &n))
			return false;
		r->at++;
	}
	*value = n;
	return r->at > start;
}

/* Parses "10m", "1h30m", "2d" as milliseconds. */
static bool parse_span(struct reader *r, int64_t *milliseconds)
{
	static const struct {
		const char *unit;
		int64_t milliseconds;
	} units[] = { { "ms", 1 },      { "s", 1000 },     { "m", 60000 },
		      { "h", 3600000 }, { "d", 86400000 }, { "w", 604800000 } };
	int64_t total = 0;

	while (r->at < r->end) {
		int64_t n;
		size_t i, size = 0;

		if (!long_number(r, &n))
			return false;
		for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
			size = strlen(units[i].unit);
			if ((size_t)(r->end - r->at) >= size && !memcmp(r->at, units[i].unit, size))
				break;
		}
		if (i == sizeof(units) / sizeof(units[0]) ||
		    __builtin_mul_overflow(n, units[i].milliseconds, &n) ||
		    __builtin_add_overflow(total, n, &total))
			return false;
		r->at += size;
	}
	*milliseconds = total;
	return total > 0;
}

static bool parse_date(struct reader *r, struct tm *t)
{
	int year, month, day;

	if (!number(r, 4, &year) || !take_char(r, '-') || !number(r, 2, &month) ||
	    !take_char(r, '-') || !number(r, 2, &day))
		return false;
	t->tm_year = year - 1900;
	t->tm_mon = month - 1;
	t->tm_mday = day;
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/*
 * Parses HH:MM[:SS[.fff]]. Parts that are left out become the lowest or, with "last", the highest.
 */
static bool parse_clock(struct reader *r, bool last, struct tm *t, int *milliseconds)
{
	int64_t fraction;
	const char *start;

	if (!number(r, 2, &t->tm_hour) || !take_char(r, ':') || !number(r, 2, &t->tm_min))
		return false;
	t->tm_sec = last ? 59 : 0;
	*milliseconds = last ? 999 : 0;
	if (t->tm_hour > 23 || t->tm_min > 59)
		return false;
	if (!take_char(r, ':'))
		return true;
	if (!number(r, 2, &t->tm_sec) || t->tm_sec > 60)
		return false;
	if (!take_char(r, '.'))
		return true;
	start = r->at;
	if (!long_number(r, &fraction) || r->at - start > 9)
		return false;
	for (long digits = r->at - start; digits < 3; digits++)
		fraction *= 10;
	for (long digits = r->at - start; digits > 3; digits--)
		fraction /= 10;
	*milliseconds = (int)fraction;
	return true;
}

/* Parses Z, +HH:MM or +HHMM. Without a zone, sets "local". */
static bool parse_zone(struct reader *r, bool *local, int *seconds_east)
{
	int hours, minutes, sign;

	*local = r->at == r->end;
	*seconds_east = 0;
	if (*local || take_char(r, 'Z') || take_char(r, 'z'))
		return true;
	sign = *r->at == '-' ? -1 : 1;
	if (!take_char(r, '+') && !take_char(r, '-'))
		return false;
	if (!number(r, 2, &hours))
		return false;
	minutes = 0;
	if ((take_char(r, ':') || r->at < r->end) && !number(r, 2, &minutes))
		return false;
	if (hours > 23 || minutes > 59)
		return false;
	*seconds_east = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* Gives a time of day the date of a moment in its zone. */
static bool set_date(struct tm *t, int64_t moment, bool local, int east)
{
	const time_t there = (time_t)(moment / 1000 + (local ? 0 : east));
	const struct tm clock = *t;

	if (!(local ? localtime_r(&there, t) : gmtime_r(&there, t)))
		return false;
	t->tm_hour = clock.tm_hour;
	t->tm_min = clock.tm_min;
	t->tm_sec = clock.tm_sec;
	return true;
}

/* mktime() turns February 30 into March 1 or 2: if the day moved, it does not exist. */
static bool to_seconds(struct tm *t, bool local, int east, int64_t *seconds)
{
	const int day = t->tm_mday, month = t->tm_mon;

	t->tm_isdst = -1;
	*seconds = local ? (int64_t)mktime(t) : (int64_t)timegm(t) - east;
	return t->tm_mday == day && t->tm_mon == month;
}

/*
 * The last time of day that begins up to "latest"; "t" is "length" seconds behind its beginning.
 */
static bool last_of_day(struct tm *t, int length, int64_t latest, bool local, int east,
                        int64_t *seconds)
{
	const struct tm clock = *t;

	for (int days = 0; days < 2; days++) {
		*t = clock;
		if (!set_date(t, latest, local, east))
			return false;
		t->tm_mday -= days;
		t->tm_isdst = -1;
		*seconds = local ? (int64_t)mktime(t) : (int64_t)timegm(t) - east;
		if (*seconds - length <= latest / 1000)
			break;
	}
	return true;
}

static bool parse_calendar(struct reader *r, int64_t latest, bool last, int64_t *result)
{
	const struct reader start = *r;
	struct tm t = { .tm_hour = last ? 23 : 0,
		        .tm_min = last ? 59 : 0,
		        .tm_sec = last ? 59 : 0 };
	int milliseconds = last ? 999 : 0, length, east;
	const bool dated = parse_date(r, &t);
	bool local;
	int64_t seconds;

	if (!dated)
		*r = start;
	if ((!dated || take_char(r, 'T') || take_char(r, ' ')) &&
	    !parse_clock(r, last, &t, &milliseconds))
		return false;
	length = last && r->at - start.at == sizeof("HH:MM") - 1 ? 59 : 0;
	if (!parse_zone(r, &local, &east) || r->at != r->end)
		return false;
	if (!dated && !last_of_day(&t, length, latest, local, east, &seconds))
		return false;
	if (dated && !to_seconds(&t, local, east, &seconds))
		return false;
	*result = seconds * 1000 + milliseconds;
	return true;
}

bool time_is_of_day(const char *text, size_t size)
{
	return size >= 5 && text[2] == ':';
}

bool time_parse(const char *text, size_t size, struct kmeta_clock clock, bool last,
                int64_t *milliseconds)
{
	struct reader r = { text, text + size };
	int64_t span;

	if (size == 3 && !memcmp(text, "now", 3)) {
		*milliseconds = clock.now;
		return true;
	}
	if (take_char(&r, '@'))
		return long_number(&r, milliseconds) && r.at == r.end;
	if (take_char(&r, '-')) {
		if (!parse_span(&r, &span) || __builtin_sub_overflow(clock.now, span, &span))
			return false;
		*milliseconds = span;
		return true;
	}
	return parse_calendar(&r, clock.latest, last, milliseconds);
}
