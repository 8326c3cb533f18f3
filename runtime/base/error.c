/* error.c: fills error values and lists of them. Prints nothing. */
#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static kol_status fill(kol_error *err, kol_status code, const char *path, int line, int column, const char *format,
                       va_list args) {
	if (!err)
		return code;
	memset(err, 0, sizeof *err);
	err->code = code;
	err->line = line;
	err->column = column;
	if (path)
		snprintf(err->path, sizeof err->path, "%s", path);
	int n = vsnprintf(err->message, sizeof err->message, format, args);
	if (n >= (int)sizeof err->message)
		err->message[utf8_cut(str_of(err->message), sizeof err->message - 1)] = 0;
	return code;
}

kol_status error_set(kol_error *err, kol_status code, const char *format, ...) {
	va_list args;
	va_start(args, format);
	fill(err, code, NULL, 0, 0, format, args);
	va_end(args);
	return code;
}

kol_status error_at(kol_error *err, kol_status code, const char *path, int line, int column, const char *format, ...) {
	va_list args;
	va_start(args, format);
	fill(err, code, path, line, column, format, args);
	va_end(args);
	return code;
}

kol_status error_memory(kol_error *err) { return error_set(err, KOL_E_MEMORY, "out of memory"); }

void error_excerpt(kol_error *err, const char *text, size_t n, int column) {
	if (!err)
		return;
	const char *end = memchr(text, '\n', n);
	if (end)
		n = (size_t)(end - text);
	n = utf8_cut((str){text, n}, 160);
	int at = column > 1 ? column - 1 : 0;
	if ((size_t)at > n)
		at = (int)n;
	int used = snprintf(err->excerpt, sizeof err->excerpt, "    %.*s\n    ", (int)n, text);
	for (int i = 0; i < at && used < (int)sizeof err->excerpt - 2; i++)
		err->excerpt[used++] = text[i] == '\t' ? '\t' : ' ';
	err->excerpt[used++] = '^';
	err->excerpt[used] = 0;
	for (char *c = err->excerpt; *c; c++)
		if ((unsigned char)*c < ' ' && *c != '\n' && *c != '\t')
			*c = '?';
}

void kol_error_text(const kol_error *err, char *out, size_t size) {
	char place[576] = "";
	if (err->path[0] && err->line && err->column)
		snprintf(place, sizeof place, "%s:%d:%d: ", err->path, err->line, err->column);
	else if (err->path[0] && err->line)
		snprintf(place, sizeof place, "%s:%d: ", err->path, err->line);
	else if (err->path[0])
		snprintf(place, sizeof place, "%s: ", err->path);
	snprintf(out, size, "%s%s%s%s", place, err->message, err->excerpt[0] ? "\n" : "", err->excerpt);
}

void problems_add(struct kol_problems *list, const kol_error *err) {
	if (list->count == list->capacity) {
		int more = list->capacity ? list->capacity * 2 : 8;
		kol_error *grown = realloc(list->items, sizeof *grown * (size_t)more);
		if (!grown) {
			list->out_of_memory = true;
			return;
		}
		list->items = grown;
		list->capacity = more;
	}
	list->items[list->count++] = *err;
}

static bool comes_after(const kol_error *a, const kol_error *b) {
	int order = strcmp(a->path, b->path);
	if (order == 0)
		order = (a->line > b->line) - (a->line < b->line);
	if (order == 0)
		order = (a->column > b->column) - (a->column < b->column);
	return order > 0;
}

void problems_sort(struct kol_problems *list) {
	for (int i = 1; i < list->count; i++) {
		kol_error item = list->items[i];
		int j = i;
		for (; j > 0 && comes_after(&list->items[j - 1], &item); j--)
			list->items[j] = list->items[j - 1];
		list->items[j] = item;
	}
}

void problems_free(struct kol_problems *list) {
	free(list->items);
	memset(list, 0, sizeof *list);
}
