"""The person, and the site's configuration: https://www.sphinx-doc.org/en/master/usage/configuration.html."""

# -- The person ---------------------------------------------------------------

project = author = copyright = "Madhav Jivrajani"
version = "1"  # EPUB requires one
portfolio_person = {
    "family_name": "Jivrajani",
    "label": "K8s Maintainer, SIG ContribEx TL",
    "email": "madhav.jiv@gmail.com",
    "location": "Bangalore, India",
    "profiles": {
        "GitHub": "https://github.com/MadhavJivrajani",
        "LinkedIn": "https://www.linkedin.com/in/madhav-jivrajani/",
    },
}

# -- Pages --------------------------------------------------------------------

extensions = [
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "sphinx_portfolio",
    "sphinx_portfolio.site",
    "sphinx_portfolio.strict",
]
include_patterns = [
    "index.md",
    "skills.md",
    "cv.md",
    "contact.md",
    "experience/*.md",
    "talks/*.md",
    "projects/*.md",
]
language = "en"
nitpicky = True
myst_enable_extensions = ["colon_fence", "deflist"]
myst_disable_syntax = ["html_block", "html_inline"]
myst_heading_anchors = 3

# -- Talks --------------------------------------------------------------------

bibtex_bibfiles = ["talks/talks.bib"]
portfolio_cv_pages = 2
portfolio_topics = {"control-theory": "Control theory"}  # what talks are about beside skills

# -- The site -----------------------------------------------------------------

html_theme = "furo"
html_title = project
html_favicon = "_static/mark.svg"
html_static_path = ["_static"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False

# Elsewhere than on Read the Docs set html_baseurl, the site's address: GitHub does not tell it.
# A page that moved: "old/page": "../new/page.html". published.txt lists the published addresses.
redirects: dict[str, str] = {}

# -- What `nox -s doctor` lists -----------------------------------------------
# Questions to the owner. A finding that is fine as it is goes into `portfolio_accepted`: its key,
# such as "project-license:locknt", and the reason.

portfolio_unconfirmed = {
    "Blog": "which address?",
    "Full list of talks": "is https://speakerdeck.com/madhavjivrajani it?",
    "SIG Architecture: code organization spotlight, an interview": (
        "show https://www.kubernetes.dev/blog/2024/04/11/sig-architecture-code-spotlight-2024/?"
    ),
    "SIG ContribEx deep dive, KubeCon EU 2023, with others": "show https://youtu.be/5Bs1bs6iFmY?",
    "SIG ContribEx deep dive, KubeCon NA 2022, with others": (
        "show https://www.youtube.com/watch?v=C-k_h3vzWxE?"
    ),
    "Wildfires, Firefighters and Sustainability, KubeCon EU 2023, with a co-speaker": "show it?",
    "config: GitHub automation": "show https://github.com/kubernetes/test-infra/pull/27545?",
    "Cacher: Fix watch behaviour for unset RV": "show kubernetes#115096 beside the job?",
    "Dependency update - Golang 1.22.0": "show kubernetes/release#3280 beside the job?",
    "Keep CALM and CRDT On": "held in March (its address) or on 19 October 2023 (its page)?",
    "Using eBPF To Debug the Performance of The Go Scheduler": (
        "is the recording the one of Go Bangalore, and is the second speaker rightly credited?"
    ),
    "Control Theory, Controllers and Kubernetes": (
        "held on 11 September 2021, and is https://2021.openinfra.asia/schedule.html its page?"
    ),
    "Imperative, Declarative, and Kubernetes": "held on 25 or on 26 June 2021?",
    "Adventures In Optimizing The Kubernetes API Server": "is there a recording?",
    "graph-based-auto-scaling": "from January 2020 (résumé) or August 2021 (repository)?",
    "grofer": "does it go on? The last public commit seen is of January 2022",
    "Relations": "is it right which talks, projects and skills are shown beside which claims?",
    "Open Source Governance": "is it proved by the work as Technical Lead of the SIG?",
    "Community Management": "is it proved by the work as Technical Lead of the SIG?",
    "Distributed Systems": "is it proved by the work on the Kubernetes storage layer?",
    "Systems Modelling and Verification": "does graph-based-auto-scaling prove it?",
    "Performance Debugging Go Systems": "are pprof in locknt and the talk on eBPF proof?",
    "CRDTs": "is the talk on CRDTs proof?",
    "C, C++, Containerd and git": "which entries prove them?",
    "Biographies": "are both good to hand out as they are?",
    "LICENSE-CONTENT": "which license does the text have?",
}
portfolio_accepted: dict[str, str] = {}

# -- Links --------------------------------------------------------------------
# `nox -s linkcheck`: slow is not broken, and one check ends within ten minutes.

linkcheck_timeout = 15  # seconds; a host that is slower is listed as uncertain and fails nothing
linkcheck_anchors_ignore_for_url = [
    r"https://github\.com/",  # draws the anchors of READMEs and lines with scripts
]
linkcheck_ignore = [
    r"https://([a-z]+\.)?linkedin\.com/",  # answers robots with 999, be the page there or not
]
