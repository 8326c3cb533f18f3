/* text.c: how fast texts are folded and matched, beside Vectorscan on the same job, in one process and as ratios.
 *
 *     text DIR [--rounds N] [--differences N] [--alone]
 *
 * DIR is what captions.c has written. The corpus is read in stretches of a few megabytes; in each, every contender runs
 * in turn, N rounds (3) of it, and each one's best time counts: whatever slows the machine for a while slows all alike.
 *
 * Vectorscan is given each term as \bTERM\b, in a phrase \s+ for a space, strings of scripts without spaces bare;
 * UTF-8, caseless, one block per caption, every match reported. It knows no \b with Unicode classes ("unsupported in
 * UCP mode"), so its \b is ASCII's: a term that begins or ends in é is never found by it where é stands between spaces,
 * and cafe is found in "cafeé". Leaving \b out at such ends finds those terms and makes it slower (by 5 to 10 %); the
 * faster way is the one measured. Captions joined to blocks of a megabyte ran at most 10 % faster than one by one.
 *
 * The two do not find the same. On captions of pure ASCII what differs is: words of a mention (kolander finds them only
 * as whole handles, Vectorscan everywhere); the underscore, which is part of a word to \b; and what stands on both
 * sides of a letter that is not ASCII, in the rest of the corpus. --differences shows the first N captions of pure
 * ASCII that they disagree on. --alone leaves Vectorscan out, as profilers like it. */
#include <errno.h>
#include <fcntl.h>
#include <hs.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "text/matcher.h"

#define STRETCH 8000000 /* bytes */
#define LOADS 5         /* of a lexicon, the fastest counts */

enum job_name { FOLD, TERMS_2000, RIVAL_2000, TWO_LEXICONS, TERMS_10000, RIVAL_10000, JOBS };

typedef struct rival { /* Vectorscan's half of a job */
	hs_database_t *database;
	hs_scratch_t *scratch;
} rival;

typedef struct job {
	const char *name;
	matcher *matcher; /* NULL: fold alone, or a rival's */
	rival rival;
	double seconds, load; /* seconds: the sum of each stretch's best */
	uint64_t hits, captions_hit;
} job;

static job jobs[JOBS] = {{.name = "fold alone"},
                         {.name = "fold + 2,000 terms"},
                         {.name = "Vectorscan, 2,000 terms"},
                         {.name = "fold + 2,000 + second lexicon of 2,000"},
                         {.name = "fold + 10,000 terms"},
                         {.name = "Vectorscan, 10,000 terms"}};

static const char *directory;
static str *captions;
static size_t caption_count, caption_bytes;
static folded fold;
static hits found;

static void stop(const char *what, const char *why) {
	fprintf(stderr, "text: %s: %s\n", what, why);
	exit(3);
}

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A file of DIR, mapped; a NUL or page's end behind it is not promised. */
static str map_file(const char *name) {
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", directory, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st))
		stop(path, strerror(errno));
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED)
		stop(path, strerror(errno));
	close(fd);
	return (str){p, (size_t)st.st_size};
}

static void read_captions(void) {
	str all = map_file("captions");
	size_t capacity = all.n / 64 + 1024;
	if (!(captions = malloc(capacity * sizeof *captions)))
		stop("captions", "out of memory");
	for (const char *p = all.p, *end = all.p + all.n; p < end;) {
		const char *tab = memchr(p, '\t', (size_t)(end - p));
		const char *nul = tab ? memchr(tab, 0, (size_t)(end - tab)) : NULL;
		if (!nul || caption_count == capacity)
			stop("captions", "not what captions.c writes");
		captions[caption_count++] = (str){tab + 1, (size_t)(nul - tab - 1)};
		caption_bytes += (size_t)(nul - tab - 1);
		p = nul + 1;
	}
}

/* kolander's side */

static void read_lexicon(arena *a, lexicon *l, const char *name) {
	struct kol_problems problems = {0};
	*l = (lexicon){.name = name};
	if (!lexicon_read(a, l, name, map_file(name), &problems))
		stop(name, "out of memory");
	if (problems.count)
		stop(name, problems.items[0].message);
}

/* The time from files to a matcher, the best of some. */
static double load(matcher **out, const char *const *names, int count) {
	double best = INFINITY;
	for (int i = 0; i < LOADS; i++) {
		arena *a = calloc(1, sizeof *a); /* the terms live as long as the matcher */
		lexicon *l = calloc((size_t)count, sizeof *l);
		kol_error err;
		if (!a || !l)
			stop("lexicons", "out of memory");
		const lexicon *all[] = {l, l + 1};
		double begin = now();
		for (int k = 0; k < count; k++)
			read_lexicon(a, l + k, names[k]);
		if (matcher_new(all, count, out, &err) != KOL_OK)
			stop("matcher", err.message);
		best = fmin(best, now() - begin);
		if (i + 1 < LOADS) {
			matcher_free(*out);
			arena_free(a);
			free(a);
			free(l);
		}
	}
	return best;
}

/* Vectorscan's side */

static bool spaceless(str t) {
	uint32_t c;
	utf8_decode(t.p, t.n, &c);
	return (c >= 0x0E00 && c < 0x0E80) || (c >= 0x3040 && c < 0xD7A4);
}

static char *pattern_of(str t) {
	buffer b = {0};
	const char *border = spaceless(t) ? "" : "\\b";
	buffer_z(&b, border);
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];
		if (c == ' ') {
			buffer_z(&b, "\\s+");
			continue;
		}
		if (strchr("\\^$.[]|()?*+{}-#", c))
			buffer_char(&b, '\\');
		buffer_char(&b, c);
	}
	buffer_z(&b, border);
	if (!buffer_text(&b))
		stop("patterns", "out of memory");
	return b.p;
}

static double compile(rival *out, const char *name) {
	str file = map_file(name);
	unsigned lines = 0, count = 0;
	for (size_t i = 0; i < file.n; i++)
		lines += file.p[i] == '\n';
	char **patterns = malloc((lines + 1) * sizeof *patterns);
	if (!patterns)
		stop(name, "out of memory");
	for (const char *p = file.p, *eol; count < lines; p = eol + 1) {
		eol = memchr(p, '\n', (size_t)(file.p + file.n - p));
		patterns[count++] = pattern_of((str){p, (size_t)(eol - p)});
	}
	unsigned *flags = malloc(count * sizeof *flags), *ids = malloc(count * sizeof *ids);
	if (!flags || !ids)
		stop(name, "out of memory");
	for (unsigned i = 0; i < count; i++) {
		flags[i] = HS_FLAG_UTF8 | HS_FLAG_CASELESS;
		ids[i] = i;
	}
	double begin = now();
	hs_compile_error_t *err;
	if (hs_compile_multi((const char *const *)patterns, flags, ids, count, HS_MODE_BLOCK, NULL, &out->database, &err) !=
	    HS_SUCCESS)
		stop(err->expression >= 0 ? patterns[err->expression] : name, err->message);
	double took = now() - begin;
	if (hs_alloc_scratch(out->database, &out->scratch) != HS_SUCCESS)
		stop(name, "out of memory");
	for (unsigned i = 0; i < count; i++)
		free(patterns[i]);
	free((void *)patterns);
	free(flags);
	free(ids);
	return took;
}

static int count_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *count) {
	(void)id, (void)from, (void)to, (void)flags;
	++*(uint64_t *)count;
	return 0;
}

/* Both */

static uint64_t hits_of(const job *j, str caption) {
	if (j->rival.database) {
		uint64_t count = 0;
		if (hs_scan(j->rival.database, caption.p, (unsigned)caption.n, 0, j->rival.scratch, count_match, &count) !=
		    HS_SUCCESS)
			stop(j->name, "a scan failed");
		return count;
	}
	if (!fold_text(&fold, caption) || (j->matcher && !matcher_scan(j->matcher, &fold, &found)))
		stop(j->name, "out of memory");
	return j->matcher ? found.count : 0;
}

static double run(job *j, size_t from, size_t to, bool count) {
	uint64_t all = 0, with = 0;
	double begin = now();
	for (size_t i = from; i < to; i++) {
		uint64_t n = hits_of(j, captions[i]);
		all += n;
		with += n > 0;
	}
	double took = now() - begin;
	if (count) {
		j->hits += all;
		j->captions_hit += with;
	}
	return took;
}

static bool alone;
static bool runs(int j) { return !alone || (j != RIVAL_2000 && j != RIVAL_10000); }

static void race(int rounds) {
	for (size_t from = 0, to; from < caption_count; from = to) {
		size_t bytes = 0;
		for (to = from; to < caption_count && bytes < STRETCH; to++)
			bytes += captions[to].n;
		double best[JOBS] = {0};
		for (int r = 0; r < rounds; r++)
			for (int j = 0; j < JOBS; j++) {
				if (!runs(j))
					continue;
				double took = run(jobs + j, from, to, r == 0);
				best[j] = r == 0 ? took : fmin(best[j], took);
			}
		for (int j = 0; j < JOBS; j++)
			jobs[j].seconds += best[j];
		if (isatty(2))
			fprintf(stderr, "\r%zu %% ", 100 * to / caption_count);
	}
	if (isatty(2))
		fprintf(stderr, "\r      \r");
}

static bool is_ascii(str s) {
	unsigned char all = 0;
	for (size_t i = 0; i < s.n; i++)
		all |= (unsigned char)s.p[i];
	return all < 0x80;
}

/* Where folding does not matter, the two should agree, nearly. */
static void compare(const job *ours, const job *theirs, int show) {
	uint64_t a = 0, b = 0;
	size_t count = 0, differ = 0;
	for (size_t i = 0; i < caption_count; i++) {
		if (!is_ascii(captions[i]))
			continue;
		uint64_t x = hits_of(ours, captions[i]), y = hits_of(theirs, captions[i]);
		a += x;
		b += y;
		count++;
		if (x != y && differ++ < (size_t)show)
			fprintf(stderr, "%llu against %llu: %.*s\n", (unsigned long long)x, (unsigned long long)y,
			        STR_ARG(captions[i]));
	}
	printf("hits in the %zu captions of pure ASCII: %llu, Vectorscan %llu; they disagree on %zu captions\n", count,
	       (unsigned long long)a, (unsigned long long)b, differ);
}

static bool missed;

static void goal(const char *what, double is, const char *unit, bool least, double bound) {
	bool met = least ? is >= bound : is <= bound;
	printf("%-56s %8.2f%s (at %s %g) %s\n", what, is, unit, least ? "least" : "most", bound, met ? "" : "MISSED");
	missed |= !met;
}

static void report(double load_50000) {
	printf("%-40s %8s %12s %10s %12s\n", "", "MB/s", "hits", "captions", "load");
	for (int i = 0; i < JOBS; i++) {
		const job *j = jobs + i;
		if (!runs(i))
			continue;
		printf("%-40s %8.0f", j->name, (double)caption_bytes / j->seconds / 1e6);
		if (i != FOLD)
			printf(" %12llu %8.1f %% %9.1f ms", (unsigned long long)j->hits,
			       100.0 * (double)j->captions_hit / (double)caption_count, j->load * 1e3);
		printf("\n");
	}
	double two = jobs[TERMS_2000].seconds;
	if (!alone) {
		goal("2,000 terms, throughput / Vectorscan's", jobs[RIVAL_2000].seconds / two, "", true, 3);
		goal("10,000 terms, throughput / Vectorscan's", jobs[RIVAL_10000].seconds / jobs[TERMS_10000].seconds, "", true,
		     5);
	}
	goal("2,000 terms, load", jobs[TERMS_2000].load * 1e3, " ms", false, 50);
	goal("50,000 terms, load", load_50000, " s", false, 1);
	goal("a second lexicon of 2,000 terms, more time", 100 * (jobs[TWO_LEXICONS].seconds / two - 1), " %", false, 25);
	goal("fold alone", (double)caption_bytes / jobs[FOLD].seconds / 1e6, " MB/s", true, 800);
}

int main(int argc, char **argv) {
	int rounds = 3, show = 0;
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--rounds") && i + 1 < argc)
			rounds = atoi(argv[++i]);
		else if (!strcmp(argv[i], "--differences") && i + 1 < argc)
			show = atoi(argv[++i]);
		else if (!strcmp(argv[i], "--alone"))
			alone = true;
		else
			directory = argv[i];
	if (!directory || rounds < 1) {
		fprintf(stderr, "usage: text DIR [--rounds N] [--differences N] [--alone]\n");
		return 2;
	}
	static const char *const names[] = {"terms-2000.txt", "terms-second.txt", "terms-10000.txt", "terms-50000.txt"};
	matcher *large;
	jobs[TERMS_2000].load = load(&jobs[TERMS_2000].matcher, names, 1);
	jobs[TWO_LEXICONS].load = load(&jobs[TWO_LEXICONS].matcher, names, 2);
	jobs[TERMS_10000].load = load(&jobs[TERMS_10000].matcher, names + 2, 1);
	double load_50000 = load(&large, names + 3, 1);
	matcher_free(large);
	if (!alone) {
		jobs[RIVAL_2000].load = compile(&jobs[RIVAL_2000].rival, names[0]);
		jobs[RIVAL_10000].load = compile(&jobs[RIVAL_10000].rival, names[2]);
	}
	read_captions();
	race(rounds);
	printf("%zu captions, %.0f MB, one core, best of %d rounds in each stretch\n", caption_count,
	       (double)caption_bytes / 1e6, rounds);
	report(load_50000);
	if (!alone)
		compare(jobs + TERMS_2000, jobs + RIVAL_2000, show);
	return missed;
}
