/* values.c: reads what people write in cells. Uses base, jansson for Debian's country names. Knows no files, no tables.
 */
#include "import/values.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "import/platform.h"

#define COUNTRY_NAMES "/usr/share/iso-codes/json/iso_3166-1.json"

static size_t space_at(str s, size_t i) {
	if ((unsigned char)s.p[i] <= ' ')
		return 1;
	if (i + 1 < s.n && memcmp(s.p + i, "\xc2\xa0", 2) == 0)
		return 2;
	return i + 2 < s.n && memcmp(s.p + i, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

str value_trim(str s) {
	size_t w;
	while (s.n && (w = space_at(s, 0)))
		s = (str){s.p + w, s.n - w};
	for (;;) {
		if (s.n && space_at(s, s.n - 1) == 1)
			s.n--;
		else if (s.n >= 2 && space_at(s, s.n - 2) == 2)
			s.n -= 2;
		else if (s.n >= 3 && space_at(s, s.n - 3) == 3)
			s.n -= 3;
		else
			return s;
	}
}

static bool same(str s, const char *z) { return s.n == strlen(z) && strncasecmp(s.p, z, s.n) == 0; }

bool value_missing(str s) {
	static const char *const words[] = {"-",       "--",      "n/a",          "n/a'",        "na",   "n.a.",
	                                    "#valor!", "#value!", "#n/a",         "null",        "none", "#ref!",
	                                    "#div/0!", "unknown", "\xe2\x80\x93", "\xe2\x80\x94"};
	s = value_trim(s);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (same(s, words[i]))
			return true;
	return s.n == 0;
}

/* What stands behind the digits: a unit's factor, 0 where it is none. */
static double factor_of(str unit) {
	static const struct {
		const char *name;
		double factor;
	} units[] = {{"k", 1e3},  {"m", 1e6},  {"b", 1e9},  {"bn", 1e9}, {"mio", 1e6}, {"w", 1e4},  {"千", 1e3},
	             {"万", 1e4}, {"萬", 1e4}, {"亿", 1e8}, {"億", 1e8}, {"만", 1e4},  {"억", 1e8}, {"천", 1e3}};
	if (!unit.n)
		return 1;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (same(unit, units[i].name))
			return units[i].factor;
	return 0;
}

/* Is every separator in s[at…] followed by exactly three digits? */
static bool grouped(str s, char separator) {
	size_t run = 0, first = 0;
	bool seen = false;
	for (size_t i = 0; i <= s.n; i++) {
		if (i == s.n || s.p[i] == separator) {
			if (seen ? run != 3 : (i == s.n || run == 0 || run > 3))
				return false;
			if (!seen)
				first = i;
			seen = true;
			run = 0;
		} else {
			run++;
		}
	}
	return seen && !(first == 1 && s.p[0] == '0');
}

/* Drops thousands separators and makes the decimal mark a point. With a unit behind, a lone mark is decimal. */
static bool plain_digits(str s, bool unit, char out[static 64]) {
	size_t n = 0, commas = 0, points = 0, last_comma = 0, last_point = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ',')
			commas++, last_comma = i;
		else if (s.p[i] == '.')
			points++, last_point = i;
		else if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	}
	char drop = 0, decimal = 0;
	if (commas && points) {
		drop = last_comma < last_point ? ',' : '.';
		decimal = drop == ',' ? '.' : ',';
		if ((decimal == '.' ? points : commas) != 1)
			return false;
		str head = {s.p, decimal == '.' ? last_point : last_comma};
		if (!grouped(head, drop))
			return false;
	} else if (commas > 1 || (commas == 1 && !unit && grouped(s, ','))) {
		drop = ',';
	} else if (points > 1) {
		drop = '.';
	} else {
		decimal = commas ? ',' : '.';
	}
	if (drop && !decimal && !grouped(s, drop))
		return false;
	for (size_t i = 0; i < s.n && n < 60; i++)
		if (s.p[i] != drop)
			out[n++] = s.p[i] == decimal ? '.' : s.p[i];
	out[n] = 0;
	return n > 0 && n < 60 && strpbrk(out, "0123456789");
}

bool value_number(str s, double *out, bool *rounded, bool *percent) {
	char digits[64];
	s = value_trim(s);
	double sign = 1;
	*rounded = *percent = false;
	if (s.n && (s.p[0] == '-' || s.p[0] == '+')) {
		sign = s.p[0] == '-' ? -1 : 1;
		s = (str){s.p + 1, s.n - 1};
	}
	if (s.n && s.p[s.n - 1] == '%') {
		*percent = true;
		s = value_trim((str){s.p, s.n - 1});
	}
	size_t n = 0;
	while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == '.' || s.p[n] == ','))
		n++;
	double factor = factor_of(value_trim((str){s.p + n, s.n - n}));
	*rounded = factor > 1;
	if (factor == 0 || !plain_digits((str){s.p, n}, *rounded, digits))
		return false;
	double v = strtod(digits, NULL) * factor;
	if (*rounded && v > 1000)
		v = round(v);
	*out = sign * (*percent ? v / 100 : v);
	return isfinite(*out);
}

static json_t *country_names(void) {
	static json_t *list;
	static bool tried;
	if (!tried) {
		tried = true;
		json_t *all = json_load_file(COUNTRY_NAMES, 0, NULL);
		list = json_incref(json_object_get(all, "3166-1"));
		json_decref(all);
	}
	return list;
}

static bool find_country(str s, const char **code, bool *no_names) {
	static const char *const aliases[][2] = {
	    {"usa", "US"},           {"u.s.", "US"},           {"u.s.a.", "US"},        {"uk", "GB"},
	    {"england", "GB"},       {"scotland", "GB"},       {"great britain", "GB"}, {"south korea", "KR"},
	    {"korea", "KR"},         {"north korea", "KP"},    {"russia", "RU"},        {"turkey", "TR"},
	    {"vietnam", "VN"},       {"taiwan", "TW"},         {"iran", "IR"},          {"syria", "SY"},
	    {"laos", "LA"},          {"bolivia", "BO"},        {"venezuela", "VE"},     {"tanzania", "TZ"},
	    {"moldova", "MD"},       {"czech republic", "CZ"}, {"uae", "AE"},           {"ivory coast", "CI"},
	    {"macedonia", "MK"},     {"palestine", "PS"},      {"kosovo", "XK"},        {"brunei", "BN"},
	    {"cape verde", "CV"},    {"hong kong", "HK"},      {"macau", "MO"},         {"swaziland", "SZ"},
	    {"united states", "US"}, {"united kingdom", "GB"}, {"germany", "DE"},       {"france", "FR"}};
	static const char *const keys[] = {"alpha_2", "alpha_3", "name", "common_name", "official_name"};
	static char own[8][3];
	static int next;
	*no_names = false;
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (same(s, aliases[i][0])) {
			*code = aliases[i][1];
			return true;
		}
	json_t *list = country_names(), *item;
	size_t i;
	json_array_foreach(list, i, item) for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
		const char *name = json_string_value(json_object_get(item, keys[k]));
		if (name && same(s, name)) {
			*code = json_string_value(json_object_get(item, "alpha_2"));
			return *code;
		}
	}
	*no_names = !list;
	if (list || s.n != 2 || ((s.p[0] | 32) < 'a') || ((s.p[0] | 32) > 'z') || ((s.p[1] | 32) < 'a') ||
	    ((s.p[1] | 32) > 'z'))
		return false;
	char *place = own[next++ % 8];
	place[0] = (char)(s.p[0] & ~32);
	place[1] = (char)(s.p[1] & ~32);
	*code = place;
	return true;
}

/* Rows name few countries, and the list is long: the last answers are kept, by a hash of the name. */
bool value_country(str s, const char **code, bool *no_names) {
	static struct { char name[40], code[3]; } kept[256];
	unsigned h = 5381;
	for (size_t i = 0; i < s.n; i++)
		h = h * 33 + (unsigned char)s.p[i];
	*no_names = false;
	if (s.n && str_is(s, kept[h % 256].name)) {
		*code = kept[h % 256].code;
		return true;
	}
	if (!find_country(s, code, no_names))
		return false;
	if (s.n < sizeof kept->name && !memchr(s.p, 0, s.n) && strlen(*code) == 2) {
		memcpy(kept[h % 256].name, s.p, s.n);
		kept[h % 256].name[s.n] = 0;
		memcpy(kept[h % 256].code, *code, 3);
		*code = s.n ? kept[h % 256].code : *code;
	}
	return true;
}

static str lower(str s, arena *a) {
	char *p = arena_text(a, s.p, s.n);
	for (size_t i = 0; p && i < s.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + 32);
	return (str){p, p ? s.n : 0};
}

str value_platform(str s, arena *a) {
	s = value_trim(s);
	if (same(s, "ig") || same(s, "insta"))
		return STR("instagram");
	if (same(s, "yt"))
		return STR("youtube");
	if (same(s, "tt") || same(s, "tik tok"))
		return STR("tiktok");
	return lower(s, a);
}

str value_handle(str s) {
	str platform, profile;
	s = value_trim(s);
	if (platform_address(s, &platform, &profile) && profile.n)
		return profile;
	return s.n > 1 && s.p[0] == '@' ? (str){s.p + 1, s.n - 1} : s;
}

str value_clean(str s, arena *a) {
	if (utf8_valid(s) && !memchr(s.p, 0, s.n))
		return s;
	buffer b = {0};
	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		char bytes[4];
		i += utf8_decode(s.p + i, s.n - i, &c);
		if (c)
			buffer_add(&b, bytes, utf8_encode(c, bytes));
	}
	char *p = b.failed ? NULL : arena_text(a, b.p ? b.p : "", b.n);
	str out = {p, p ? b.n : 0};
	buffer_free(&b);
	return out;
}

kol_status value_of_number(double v, const upsert_column *c, upsert_cell *out, kol_error *err) {
	if (!isfinite(v))
		return error_set(err, KOL_E_INPUT, "%s is not a finite number", c->name);
	if (c->type == 'i' && v != trunc(v))
		return error_set(err, KOL_E_INPUT, "%s %.10g is not a whole number", c->name, v);
	if (v < 0 && strchr("ir", c->type))
		return error_set(err, KOL_E_INPUT, "%s is below zero", c->name);
	if (c->type == 'f' && v != 0 && v != 1)
		return error_set(err, KOL_E_INPUT, "%s takes true or false", c->name);
	if (strchr("itef", c->type)) {
		if (fabs(v) >= 9e15)
			return error_set(err, KOL_E_INPUT, "%s is too large a number", c->name);
		*out = (upsert_cell){.kind = CELL_INTEGER, .i = llround(v)};
	} else {
		*out = (upsert_cell){.kind = CELL_REAL, .r = v};
	}
	return KOL_OK;
}

static kol_status flag_cell(str s, const upsert_column *c, upsert_cell *out, kol_error *err) {
	bool yes = same(s, "true") || same(s, "yes") || same(s, "1") || same(s, "y");
	if (!yes && !same(s, "false") && !same(s, "no") && !same(s, "0") && !same(s, "n"))
		return error_set(err, KOL_E_INPUT, "%s '%.*s' is neither true nor false", c->name, (int)utf8_cut(s, 40), s.p);
	*out = (upsert_cell){.kind = CELL_INTEGER, .i = yes};
	return KOL_OK;
}

static kol_status time_cell(str s, const upsert_column *c, upsert_cell *out, kol_error *err) {
	bool day, rounded, percent;
	double v;
	int64_t t;
	if (clock_time(s, &t, &day))
		*out = (upsert_cell){.kind = CELL_INTEGER, .i = day && c->type == 'e' ? clock_day_end(t) : t};
	else if (s.n > 8 && value_number(s, &v, &rounded, &percent) && !rounded && !percent)
		return value_of_number(v, c, out, err);
	else
		return error_set(err, KOL_E_INPUT, "%s '%.*s' is not a date; write it as 2026-11-23", c->name,
		                 (int)utf8_cut(s, 40), s.p);
	return KOL_OK;
}

/* A point before three digits is a thousands separator to half of the world, and a fraction of anything but zeros is no
 * count. With a unit ("1.2K") both are fine. */
static kol_status check_whole(str s, double v, const upsert_column *c, kol_error *err) {
	char digits[64];
	size_t n = 0, head = 0, marks = 0;
	s = value_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		bool digit = s.p[i] >= '0' && s.p[i] <= '9';
		if (s.p[i] == '.' || s.p[i] == ',')
			marks++, head = n;
		else if (digit && n < sizeof digits)
			digits[n++] = s.p[i];
	}
	bool point = memchr(s.p, '.', s.n) != NULL;
	if (point && marks == 1 && n == head + 3 && head >= 1 && head <= 3 && digits[0] != '0')
		return error_set(err, KOL_E_INPUT, "%s %.*s: thousands or a fraction? write %.*s", c->name, STR_ARG(s), (int)n,
		                 digits);
	if (v != trunc(v))
		return error_set(err, KOL_E_INPUT, "%s %.*s is not a whole number; write it without a fraction", c->name,
		                 (int)utf8_cut(s, 40), s.p);
	return KOL_OK;
}

kol_status value_cell(str s, const upsert_column *c, upsert_cell *out, arena *a, kol_error *err) {
	double v;
	bool rounded, percent;
	*out = (upsert_cell){.kind = CELL_MISSING};
	s = c->type == 's' ? s : value_trim(s);
	if (!s.p || (c->type == 's' ? s.n == 0 : value_missing(s)))
		return KOL_OK;
	if (c->type == 'f')
		return flag_cell(s, c, out, err);
	if (c->type == 't' || c->type == 'e')
		return time_cell(s, c, out, err);
	if (strchr("irm", c->type)) {
		if (!value_number(s, &v, &rounded, &percent))
			return error_set(err, KOL_E_INPUT, "%s '%.*s' is not a number", c->name, (int)utf8_cut(s, 40), s.p);
		if (percent && c->type != 'm')
			return error_set(err, KOL_E_INPUT, "%s takes a number, not a percentage", c->name);
		kol_status rc = c->type == 'i' && !rounded ? check_whole(s, v, c, err) : KOL_OK;
		if (rc)
			return rc;
		if (c->type == 'i')
			v = round(v);
		return value_of_number(v, c, out, err);
	}
	str text = value_clean(s, a);
	if (c->type == 'l')
		text = lower(text, a);
	if (!text.p)
		return error_memory(err);
	if (c->type == 'c') {
		bool no_names;
		const char *code;
		if (!value_country(s, &code, &no_names))
			return error_set(
			    err, KOL_E_INPUT,
			    no_names ? "%s '%.*s' cannot be looked up: install the package iso-codes or use codes such as DE"
			             : "%s '%.*s' is not a country; write its name or a code such as DE",
			    c->name, (int)utf8_cut(s, 40), s.p);
		text = str_of(code);
	}
	*out = (upsert_cell){.kind = CELL_TEXT, .s = text};
	return KOL_OK;
}
