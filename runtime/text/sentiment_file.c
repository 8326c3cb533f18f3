/* sentiment_file.c: what stands in a lexicon of stdlib/lexicons/sentiment. Uses lexicon, which reads the lines. */
#include "text/sentiment.h"

/* A negation may have a valence, which counts where it turns nothing ("it does not …"). A contrast without a number is
 * "but"; with one it is "although": the factor of what it introduces. */
static const lexicon_section sections[] = {
    {.name = "words", .role = ROLE_TERM, .weighed = true, .least = -4, .most = 4},
    {.name = "strengthen", .role = ROLE_STRENGTHEN, .weighed = true, .least = 1, .most = 2.5},
    {.name = "weaken", .role = ROLE_WEAKEN, .weighed = true, .least = 0.1, .most = 1},
    {.name = "negate", .role = ROLE_NEGATE, .least = -4, .most = 4},
    {.name = "negate after", .role = ROLE_NEGATE_AFTER, .least = -4, .most = 4},
    {.name = "contrast", .role = ROLE_CONTRAST, .least = 0.1, .most = 1, .usual = 1},
    {.name = "neutral", .role = ROLE_NEUTRAL},
};

bool sentiment_read(arena *a, lexicon *l, const char *path, str bytes, struct kol_problems *problems) {
	return lexicon_read_sections(a, l, path, bytes, sections, (int)(sizeof sections / sizeof *sections), problems);
}
