/* Times: RFC 3339, and how long ago something was. Civil dates are counted
 * here: libc's functions look at the zone of the machine. */
#include <keep/text.h>

enum { DAY = 86400 };

/* Days of the Gregorian calendar from 0000-03-01. The year begins in March,
 * so that the leap day is its last. */
static int64_t days_until(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month < 3 ? year - 1 : year;
	unsigned since_march = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 +
	       (153 * since_march + 2) / 5 + day - 1;
}

static int64_t unix_days(int64_t year, unsigned month, unsigned day)
{
	return days_until(year, month, day) - days_until(1970, 1, 1);
}

static unsigned month_days(unsigned year, unsigned month)
{
	return (unsigned)(month == 12 ? 31 :
			  unix_days(year, month + 1, 1) -
			  unix_days(year, month, 1));
}

/* Takes a number of exactly N digits and the character AFTER ('\0': none). */
static bool take(struct keep_slice *s, size_t n, char after, unsigned *v)
{
	size_t i, len = n + (after != '\0');

	if (s->len < len)
		return false;
	for (*v = 0, i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		*v = *v * 10 + (unsigned)(s->p[i] - '0');
	}
	if (after && s->p[n] != after && s->p[n] != (after | 0x20))
		return false;
	s->p += len;
	s->len -= len;
	return true;
}

/* Drops `.123`; false when no digit follows the point. */
static bool drop_fraction(struct keep_slice *s)
{
	size_t n = 1;

	if (!keep_slice_starts(*s, "."))
		return true;
	while (n < s->len && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	s->p += n;
	s->len -= n;
	return n > 1;
}

/* `Z` or `+hh:mm`: what is to be subtracted. */
static bool get_offset(struct keep_slice s, int64_t *seconds)
{
	unsigned hours, minutes;
	bool west = keep_slice_starts(s, "-");

	*seconds = 0;
	if (keep_slice_is(s, "Z") || keep_slice_is(s, "z"))
		return true;
	if (!west && !keep_slice_starts(s, "+"))
		return false;
	s = (struct keep_slice){s.p + 1, s.len - 1};
	if (!take(&s, 2, ':', &hours) || !take(&s, 2, '\0', &minutes) ||
	    s.len || hours > 23 || minutes > 59)
		return false;
	*seconds = (int64_t)hours * 3600 + (int64_t)minutes * 60;
	if (west)
		*seconds = -*seconds;
	return true;
}

bool keep_time_get(struct keep_slice s, uint64_t *unix_s)
{
	unsigned year, month, day, hour, minute, second;
	int64_t t, offset;

	if (!take(&s, 4, '-', &year) || !take(&s, 2, '-', &month) ||
	    !take(&s, 2, 'T', &day) || !take(&s, 2, ':', &hour) ||
	    !take(&s, 2, ':', &minute) || !take(&s, 2, '\0', &second) ||
	    !drop_fraction(&s) || !get_offset(s, &offset))
		return false;
	if (month < 1 || month > 12 || day < 1 ||
	    day > month_days(year, month) || hour > 23 || minute > 59 ||
	    second > 60)
		return false;
	t = unix_days(year, month, day) * DAY + (int64_t)hour * 3600 +
	    (int64_t)minute * 60 + second - offset;
	/* A leap second is the last of a UTC day. */
	if (t < 0 || t > (int64_t)KEEP_TIME_MAX ||
	    (second == 60 && t % DAY != 0))
		return false;
	*unix_s = (uint64_t)t;
	return true;
}

void keep_time_put(struct keep_buf *b, uint64_t unix_s)
{
	int64_t days = (int64_t)(unix_s / DAY);
	int64_t year = 1969 + days * 400 / 146097;
	unsigned month = 1, s = (unsigned)(unix_s % DAY);

	while (unix_days(year + 1, 1, 1) <= days)
		year++;
	while (month < 12 && unix_days(year, month + 1, 1) <= days)
		month++;
	keep_buf_print(b, "%04jd-%02u-%02uT%02u:%02u:%02uZ", (intmax_t)year,
		       month, (unsigned)(days - unix_days(year, month, 1)) + 1,
		       s / 3600, s / 60 % 60, s % 60);
}

void keep_time_relative(struct keep_buf *b, uint64_t unix_s, uint64_t now_s)
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[] = {
		{"year", 31556952}, {"month", 2629746}, {"day", DAY},
		{"hour", 3600}, {"minute", 60}, {"second", 1},
	};
	bool past = unix_s < now_s;
	uint64_t n = past ? now_s - unix_s : unix_s - now_s;
	size_t i = 0;

	if (n == 0) {
		keep_buf_text(b, "now");
		return;
	}
	while (n < units[i].seconds)
		i++;
	n /= units[i].seconds;
	keep_buf_print(b, "%s%ju %s%s%s", past ? "" : "in ", (uintmax_t)n,
		       units[i].name, n == 1 ? "" : "s", past ? " ago" : "");
}
