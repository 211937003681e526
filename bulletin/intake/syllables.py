"""Which words can be Vietnamese: the spelling of a syllable is regular, so chance letters hardly ever make one."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ACUTE, _DOT = "\u0301", "\u0323"
_TONE = re.compile(f"[{_TONES}]")
# A consonant is written in one way before e, ê, i and y and in another before the other vowels. The words of other
# peoples of Vietnam, as in «Kon Tum» and «Bắc Kạn», have a k everywhere.
_ONSET = "(?:gh|ngh)(?=[eêi])|c(?=[^eêiy])|(?:g|ng)(?=[^eêy])|qu|gi|k|[kpt]h|ch|nh|tr|[bdđhlmnprstvx]|"
_OPEN = (
    "ao?|a[iuy]|âu|ây|eo?|êu?|ia?|iu|iêu|oi?|oai?|oao|oay|oeo?|ôi?|ơi?|ua?|ui|uây|uê|uôi|uơ|uy[au]?|ưa?|ưi|ưu|ươi|ươu"
    "|y|yêu"
)
_NASAL = (
    "a(?:m|n|ng|nh)|[ăâ](?:m|n|ng)|e(?:m|n|ng)|ê(?:m|n|nh)|i(?:m|n|nh)|iê(?:m|n|ng)|[oô](?:m|n|ng)|oong|ơ[mn]"
    "|oa(?:m|n|ng|nh)|oă(?:m|n|ng)|oe[mn]|u(?:m|n|ng)|uâ(?:n|ng)|uênh|uô(?:m|n|ng)|uy(?:n|nh|ên)|ư(?:m|ng)"
    "|ươ(?:m|n|ng)|yê(?:m|n|ng)|ynh"
)
_STOPPED = (
    "a(?:c|ch|k|p|t)|[ăâ][ckpt]|e[cpt]|ê(?:ch|p|t)|i(?:ch|p|t)|iê[cpt]|[oô][cpt]|ooc|ơ[pt]|oa(?:c|ch|p|t)|oă[ct]|oet"
    "|u[cpt]|uât|uêch|uô[ct]|uy(?:ch|p|t|êt)|ư[ct]|ươ[cpt]|y(?:ch|êt|t)"
)
_WITH_ANY_TONE = re.compile(f"(?P<onset>{_ONSET})(?P<rime>{_OPEN}|{_NASAL})")
_WITH_A_STOP = re.compile(f"(?P<onset>{_ONSET})(?P<rime>{_STOPPED})")
_VOWELS = re.compile("[aăâeêioôơuưy]+")


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """Tell whether a word is spelt as a Vietnamese syllable: «Thái», «nguyên», «XÃ»; in composed letters or not."""
    toned = [normalize("NFD", letter) for letter in normalize("NFC", word.lower())]
    letters = [normalize("NFC", _TONE.sub("", letter)) for letter in toned]
    tones = [(at, tone) for at, letter in enumerate(toned) for tone in _TONE.findall(letter)]
    bare = "".join(letters)
    if len(tones) > 1 or len(bare) != len(letters):
        return False
    if stopped := _WITH_A_STOP.fullmatch(bare):
        # Before a stop there are only two tones: «các», «cạc». This alone tells half of all chance words.
        return bool(tones) and tones[0][1] in (_ACUTE, _DOT) and tones[0][0] in _places_of_tone(stopped)
    match = _WITH_ANY_TONE.fullmatch(bare)
    return match is not None and (not tones or tones[0][0] in _places_of_tone(match))


def _places_of_tone(match: re.Match[str]) -> tuple[int, ...]:
    """Return at which letters of a syllable its tone may stand: «hóa» and «hoá», but never «taù»."""
    vowels = _VOWELS.match(match["rime"])
    assert vowels is not None
    first, last = match.start("rime"), match.start("rime") + vowels.end() - 1
    if marked := [at for at in range(first, last + 1) if match[0][at] in "ăâêôơư"]:
        return (marked[-1],)
    if match["rime"] in {"oa", "oe", "uy"}:
        return first, last
    if vowels.end() < len(match["rime"]):
        return (last,)
    return (first + 1,) if vowels.end() > len("oa") else (first,)
