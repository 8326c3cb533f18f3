/* template.c: fills "{ratio:.1f} times the usual engagement". Uses buffer; asks its caller for names. */
#include "rules/template.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

static void add_short(buffer *out, double v) {
	char text[64];
	if (v == floor(v) && fabs(v) < 1e15) {
		buffer_int(out, (long long)v);
		return;
	}
	if (fabs(v) < 1e-4 || fabs(v) >= 1e15) {
		snprintf(text, sizeof text, "%.4g", v);
		buffer_z(out, text);
		return;
	}
	int decimals = 4;
	for (double size = fabs(v); size < 0.1 && decimals < 8; size *= 10)
		decimals++;
	buffer_fixed(out, v, decimals);
}

static kol_status add_number(double v, str format, buffer *out, kol_error *err) {
	if (v != v || isinf(v)) {
		buffer_z(out, v != v ? "unknown" : "unlimited");
		return KOL_OK;
	}
	if (format.n == 0) {
		add_short(out, v);
		return KOL_OK;
	}
	char last = format.p[format.n - 1];
	int digits = -1;
	if (format.n >= 3 && format.n <= 4 && format.p[0] == '.' && isdigit((unsigned char)format.p[1]) &&
	    (format.n == 3 || isdigit((unsigned char)format.p[2])))
		digits = format.n == 3 ? format.p[1] - '0' : (format.p[1] - '0') * 10 + format.p[2] - '0';
	bool plain = format.n == 1;
	if ((last == 'f' && (plain || digits >= 0)) || (last == '%' && (plain || digits >= 0)))
		buffer_printf(out, last == 'f' ? "%.*f" : "%.*f%%",
		              digits >= 0   ? (digits > 20 ? 20 : digits)
		              : last == 'f' ? 6
		                            : 0,
		              last == 'f' ? v : v * 100);
	else if (last == 'd' && plain)
		buffer_printf(out, "%.0f", v);
	else
		return error_set(err, KOL_E_RULE, "'%.*s' is no format; there are .1f, d and %%", STR_ARG(format));
	return KOL_OK;
}

/* {name} or {name:format}; *at stands behind the opening brace and ends behind the closing one. */
static kol_status fill_one(str text, size_t *at, template_lookup *look, void *user, buffer *out, kol_error *err) {
	const char *end = memchr(text.p + *at, '}', text.n - *at);
	if (!end)
		return error_set(err, KOL_E_RULE, "'{' is never closed in \"%.*s\"; a brace itself is written {{",
		                 STR_ARG(text));
	str name = {text.p + *at, (size_t)(end - (text.p + *at))}, format = {NULL, 0};
	*at += name.n + 1;
	const char *colon = memchr(name.p, ':', name.n);
	if (colon) {
		format = (str){colon + 1, name.n - (size_t)(colon - name.p) - 1};
		name.n = (size_t)(colon - name.p);
		if (format.n == 0)
			return error_set(err, KOL_E_RULE, "a format is missing behind the colon of '{%.*s:}'", STR_ARG(name));
	}
	template_value v = {0};
	if (!look(user, name, &v))
		return error_set(err, KOL_E_RULE, "there is no '%.*s' to fill in", STR_ARG(name));
	if (!v.is_text)
		return add_number(v.number, format, out, err);
	if (v.text.p)
		buffer_str(out, v.text);
	else
		buffer_z(out, "unknown");
	return KOL_OK;
}

kol_status template_fill(str text, template_lookup *look, void *user, buffer *out, kol_error *err) {
	kol_status status = KOL_OK;
	for (size_t i = 0; i < text.n && !status;) {
		char c = text.p[i];
		if ((c == '{' || c == '}') && i + 1 < text.n && text.p[i + 1] == c) {
			buffer_char(out, c);
			i += 2;
		} else if (c == '{') {
			i++;
			status = fill_one(text, &i, look, user, out, err);
		} else if (c == '}') {
			status = error_set(err, KOL_E_RULE, "'}' closes nothing in \"%.*s\"; a brace itself is written }}",
			                   STR_ARG(text));
		} else {
			buffer_char(out, c);
			i++;
		}
	}
	if (!status && out->failed)
		return error_memory(err);
	return status;
}
