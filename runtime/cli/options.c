/* options.c: reads a command's words, and tells what is wrong in sentences. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/suggest.h"
#include "cli/cli.h"

/* To a terminal nothing goes that could command it. */
static void put_safe(const char *text) {
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		bool c1 = p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0;
		if (c1)
			p++;
		fputc(c1 || (*p < 0x20 && *p != '\n' && *p != '\t') || *p == 0x7f ? '?' : *p, stderr);
	}
	fputc('\n', stderr);
}

void say(const char *format, ...) {
	char text[2048];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	fputs("kolander: ", stderr);
	put_safe(text);
}

static int exit_code_of(kol_status status) {
	switch (status) {
	case KOL_OK:
	case KOL_E_PIPE: return EXIT_DONE;
	case KOL_E_USAGE:
	case KOL_E_RULE:
	case KOL_E_ROSTER:
	case KOL_E_INPUT: return EXIT_USAGE;
	case KOL_E_INTERRUPTED: return EXIT_INTERRUPTED;
	default: return EXIT_UNFINISHED;
	}
}

int say_error(const kol_error *err) {
	char text[2048];
	if (err->code == KOL_E_PIPE)
		return EXIT_DONE;
	kol_error_text(err, text, sizeof text);
	if (!err->path[0])
		fputs("kolander: ", stderr);
	put_safe(text);
	return exit_code_of(err->code);
}

void say_list(const kol_problems *problems, const char *kind) {
	char text[2048];
	for (int i = 0; i < kol_problems_count(problems); i++) {
		kol_error_text(kol_problems_get(problems, i), text, sizeof text);
		fputs(kind, stderr);
		put_safe(text);
	}
}

int say_problems(kol_problems *problems) {
	int count = kol_problems_count(problems);
	say_list(problems, "");
	fprintf(stderr, count == 1 ? "%d problem\n" : "%d problems\n", count);
	kol_problems_close(problems);
	return EXIT_USAGE;
}

int say_failed(kol_problems *problems, const kol_error *err) {
	return problems ? say_problems(problems) : say_error(err);
}

kol_status open_plan(const char *rules, const kol_plan_options *options, kol_ruleset **ruleset, kol_plan **plan,
                     kol_problems **problems, kol_error *err) {
	kol_status loaded = kol_ruleset_open(rules, NULL, ruleset, problems, err), status = loaded;
	if (*ruleset) {
		kol_problems *more = NULL;
		kol_error second = {0};
		status = kol_plan_open(*ruleset, options, plan, &more, &second);
		if (!loaded || status == KOL_E_RULE) { /* its list holds the first one's problems too */
			kol_problems_close(*problems);
			*problems = more;
			*err = second;
		} else {
			status = loaded;
		}
	}
	return status;
}

bool read_int(const char *option, const char *text, int least, int most, int *out) {
	char *end;
	errno = 0;
	long v = strtol(text, &end, 10);
	if (errno || end == text || *end || v < least || v > most) {
		say("--%s takes a whole number from %d to %d, not '%s'", option, least, most, text);
		return false;
	}
	*out = (int)v;
	return true;
}

const char *default_rules(void) {
	return access("ruleset.lua", F_OK) == 0 && access("scripts", F_OK) != 0 ? "." : "scripts";
}

static void say_unknown(const char *written, str name, const option_spec *specs) {
	suggest s;
	char meant[128] = "";
	suggest_begin(&s, name);
	for (const option_spec *o = specs; o->name; o++)
		suggest_try(&s, str_of(o->name));
	if (s.best.p)
		snprintf(meant, sizeof meant, "; did you mean --%.*s?", STR_ARG(s.best));
	say("there is no option '%s'%s", written, s.best.p ? meant : "; --help lists them");
}

static const option_spec *find_option(const option_spec *specs, const char *word, str *name) {
	bool is_long = word[1] == '-';
	*name = (str){word + (is_long ? 2 : 1), is_long ? strcspn(word + 2, "=") : 1};
	for (const option_spec *o = specs; o->name; o++)
		if (is_long ? str_is(*name, o->name) : o->letter == word[1])
			return o;
	return NULL;
}

int options_read(int argc, char **argv, const option_spec *specs, option_taker *take, word_taker *word, void *user) {
	bool only_words = false;
	for (int i = 0; i < argc; i++) {
		const char *w = argv[i];
		if (only_words || w[0] != '-' || !w[1]) {
			if (!word(user, w))
				return EXIT_USAGE;
			continue;
		}
		if (strcmp(w, "--") == 0) {
			only_words = true;
			continue;
		}
		str name;
		const option_spec *o = find_option(specs, w, &name);
		if (!o) {
			say_unknown(w, name, specs);
			return EXIT_USAGE;
		}
		const char *rest = name.p + name.n; /* "=value", or for a letter its value */
		const char *text = NULL;
		if (!o->value && *rest) {
			say("--%s takes no value", o->name);
			return EXIT_USAGE;
		}
		if (o->value) {
			text = *rest == '=' ? rest + 1 : *rest ? rest : i + 1 < argc ? argv[++i] : NULL;
			if (!text) {
				say("--%s needs %s behind it", o->name, o->value);
				return EXIT_USAGE;
			}
		}
		if (!take(user, o->id, text))
			return EXIT_USAGE;
	}
	return EXIT_DONE;
}
