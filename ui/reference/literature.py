"""The literature: every source the theory names, what is taken from it, and how to cite it and this site."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from theory import __version__

SITE_TITLE = "Why a model cannot forget: an interactive explanation of machine unlearning"
SITE_AUTHORS = "The authors of unlearning-explained"
SITE_YEAR = "2026"
# An address only this computer understands is no use to a reader.
_LOCAL = re.compile(r"localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One work the theory names as a source.

    Attributes
    ----------
    key : its name in a bibliography.
    kind : what BibTeX calls it.
    authors : "Surname, Given", in the order of the work.
    title, published : the title as printed, and where and when it came out.
    address : where it can be read.
    use : what is taken from it, as a sentence.
    named : how the theory's sources name it, a regular expression.
    fields : the rest of its BibTeX entry.
    """

    key: str
    kind: str
    authors: tuple[str, ...]
    title: str
    published: str
    address: str
    use: str
    named: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def people(self) -> str:
        """The authors, given names first."""
        names = [" ".join(reversed(author.split(", "))) for author in self.authors]
        return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]


def _arxiv(key: str, number: str, authors: tuple[str, ...], title: str, place: str, use: str) -> Reference:
    """Return the reference of a work that the theory names by its arXiv number."""
    year = re.findall(r"\d{4}", place + f" {key}")[0]
    fields = {"year": year, "eprint": number, "archivePrefix": "arXiv", "primaryClass": "cs.LG"}
    address = f"https://arxiv.org/abs/{number}"
    return Reference(
        key=key,
        kind="misc",
        authors=authors,
        title=title,
        published=f"{place}; arXiv {number}",
        address=address,
        use=use,
        named=rf"arXiv {re.escape(number)}",
        fields=fields,
    )


FIRST = Reference(
    key="ding2024why",
    kind="misc",
    authors=("Ding, Meng", "Xu, Jinhui", "Ji, Kaiyi"),
    title=(
        "Why Fine-Tuning Struggles with Forgetting in Machine Unlearning? Theoretical Insights and a Remedial Approach"
    ),
    published="arXiv 2410.03833, version 1, October 2024",
    address="https://arxiv.org/abs/2410.03833v1",
    use=(
        "The question, the setting, distinct and overlapping features, Options A and B, and the discriminative "
        "regularization. Theorem and section numbers on this site are this version's."
    ),
    named=r"(arXiv )?2410\.03833(v1)?|\b[Tt]he paper's|\bpaper\b|\bv1\b",
    fields={"year": "2024", "eprint": "2410.03833v1", "archivePrefix": "arXiv", "primaryClass": "cs.LG"},
)
PUBLISHED = Reference(
    key="ding2025understanding",
    kind="article",
    authors=("Ding, Meng", "Sharma, Rohan", "Chen, Changyou", "Xu, Jinhui", "Ji, Kaiyi"),
    title="Understanding Fine-tuning in Approximate Unlearning: A Theoretical Perspective",
    published="Transactions on Machine Learning Research, November 2025; arXiv 2410.03833",
    address="https://arxiv.org/abs/2410.03833",
    use="Retention-based masking and its comparison with masks made from the rows to forget.",
    named=r"\b[Ii]ts published version('s)?|\b[Tt]he published version('s)?",
    fields={
        "journal": "Transactions on Machine Learning Research",
        "year": "2025",
        "month": "11",
        "note": "arXiv:2410.03833",
    },
)
MANN = Reference(
    key="mann1947test",
    kind="article",
    authors=("Mann, Henry B.", "Whitney, Donald R."),
    title="On a test of whether one of two random variables is stochastically larger than the other",
    published="Annals of Mathematical Statistics 18 (1947), 50–60",
    address="https://doi.org/10.1214/aoms/1177730491",
    use="How far the membership attack's AUC reaches by chance among so many rows.",
    named=r"Mann and Whitney, Annals of Mathematical Statistics 18 \(1947\)",
    fields={
        "journal": "Annals of Mathematical Statistics",
        "volume": "18",
        "number": "1",
        "pages": "50--60",
        "year": "1947",
        "doi": "10.1214/aoms/1177730491",
    },
)
BAD_TEACHER = Reference(
    key="chundawat2023can",
    kind="misc",
    authors=("Chundawat, Vikram S.", "Tarun, Ayush K.", "Mandal, Murari", "Kankanhalli, Mohan"),
    title="Can Bad Teaching Induce Forgetting? Unlearning in Deep Networks Using an Incompetent Teacher",
    published="AAAI 2023; arXiv 2205.08096",
    address="https://arxiv.org/abs/2205.08096",
    use="The bad teacher of the network, in our reading.",
    named=r"Chundawat et al\. 2023( \(arXiv 2205\.08096\))?",
    fields={"year": "2023", "eprint": "2205.08096", "archivePrefix": "arXiv", "primaryClass": "cs.LG"},
)
SCRUB = Reference(
    key="kurmanji2023towards",
    kind="misc",
    authors=("Kurmanji, Meghdad", "Triantafillou, Peter", "Hayes, Jamie", "Triantafillou, Eleni"),
    title="Towards Unbounded Machine Unlearning",
    published="NeurIPS 2023; arXiv 2302.09880",
    address="https://arxiv.org/abs/2302.09880",
    use="NegGrad+ and a method like SCRUB for the network, in our reading.",
    named=r"Kurmanji et al\. 2023( \(arXiv 2302\.09880\))?",
    fields={"year": "2023", "eprint": "2302.09880", "archivePrefix": "arXiv", "primaryClass": "cs.LG"},
)
MIN_NORM = Reference(
    key="block2025machine",
    kind="misc",
    authors=("Block, Jacob L.", "Mokhtari, Aryan", "Shakkottai, Sanjay"),
    title="Machine Unlearning under Overparameterization",
    published="arXiv 2505.22601, May 2025",
    address="https://arxiv.org/abs/2505.22601",
    use="The smallest weights that still fit the rows to keep, for the network, in our reading.",
    named=r"MinNorm-OG( \(arXiv 2505\.22601\))?",
    fields={"year": "2025", "eprint": "2505.22601", "archivePrefix": "arXiv", "primaryClass": "cs.LG"},
)
GRADIENTS = Reference(
    key="gao2022gradient",
    kind="misc",
    authors=(
        "Gao, Qitong",
        "Wang, Dong",
        "Amason, Joshua D.",
        "Yuan, Siyang",
        "Tao, Chenyang",
        "Henao, Ricardo",
        "Hadziahmetovic, Majda",
        "Carin, Lawrence",
        "Pajic, Miroslav",
    ),
    title="Gradient Importance Learning for Incomplete Observations",
    published="ICLR 2022; arXiv 2107.01983",
    address="https://arxiv.org/abs/2107.01983",
    use="Learning from rows with missing features, in our reading.",
    named=r"arXiv 2107\.01983",
    fields={"year": "2022", "eprint": "2107.01983", "archivePrefix": "arXiv", "primaryClass": "cs.LG"},
)
JUICE = Reference(
    key="li2024getting",
    kind="misc",
    authors=("Li, Jiaxiang", "Zeng, Siliang", "Wai, Hoi-To", "Li, Chenliang", "Garcia, Alfredo", "Hong, Mingyi"),
    title=(
        "Getting More Juice Out of the SFT Data: "
        "Reward Learning from Human Demonstration Improves SFT for LLM Alignment"
    ),
    published="NeurIPS 2024; arXiv 2405.17888",
    address="https://arxiv.org/abs/2405.17888",
    use="Reward learning from demonstrations, in our reading.",
    named=r"arXiv 2405\.17888",
    fields={"year": "2024", "eprint": "2405.17888", "archivePrefix": "arXiv", "primaryClass": "cs.LG"},
)
REACH = Reference(
    key="sims2024edge",
    kind="misc",
    authors=("Sims, Anya", "Lu, Cong", "Foerster, Jakob", "Teh, Yee Whye"),
    title="The Edge-of-Reach Problem in Offline Model-Based Reinforcement Learning",
    published="NeurIPS 2024; arXiv 2402.12527",
    address="https://arxiv.org/abs/2402.12527",
    use="States at the edge of what the data reach, in our reading.",
    named=r"arXiv 2402\.12527",
    fields={"year": "2024", "eprint": "2402.12527", "archivePrefix": "arXiv", "primaryClass": "cs.LG"},
)
TRAJECTORY = Reference(
    key="chen2023federated",
    kind="misc",
    authors=("Chen, Tiejin", "Cao, Yuanpu", "Wang, Yujia", "Hsieh, Cho-Jui", "Chen, Jinghui"),
    title="Federated Learning with Projected Trajectory Regularization",
    published="arXiv 2312.14380, December 2023",
    address="https://arxiv.org/abs/2312.14380",
    use="Federated learning with a replayed update, in our reading.",
    named=r"arXiv 2312\.14380",
    fields={"year": "2023", "eprint": "2312.14380", "archivePrefix": "arXiv", "primaryClass": "cs.LG"},
)
STOCHASTIC_TEACHER = Reference(
    key="zhang2023machine",
    kind="misc",
    authors=("Zhang, Xulong", "Wang, Jianzong", "Cheng, Ning", "Sun, Yifu", "Zhang, Chuanyao", "Xiao, Jing"),
    title="Machine Unlearning Methodology base on Stochastic Teacher Network",
    published="ADMA 2023; arXiv 2308.14322",
    address="https://arxiv.org/abs/2308.14322",
    use="A teacher that knows nothing, in our reading.",
    named=r"arXiv 2308\.14322",
    fields={"year": "2023", "eprint": "2308.14322", "archivePrefix": "arXiv", "primaryClass": "cs.LG"},
)
DATAMODELS = _arxiv(
    "georgiev2025attribute",
    "2410.23232",
    (
        *("Georgiev, Kristian", "Rinberg, Roy", "Park, Sung Min", "Garg, Shivam"),
        *("Ilyas, Andrew", "Madry, Aleksander", "Neel, Seth"),
    ),
    "Attribute-to-Delete: Machine Unlearning via Datamodel Matching",
    "ICLR 2025",
    "Datamodel and oracle matching on the board of all methods, in our reading.",
)
FEATURES_AND_LABELS = _arxiv(
    "warnecke2023machine",
    "2108.11577",
    ("Warnecke, Alexander", "Pirch, Lukas", "Wressnegger, Christian", "Rieck, Konrad"),
    "Machine Unlearning of Features and Labels",
    "NDSS 2023",
    "Newton, influence and first-order steps for rows, labels and features, in our reading.",
)
VARIATIONAL = _arxiv(
    "nguyen2020variational",
    "2010.12883",
    ("Nguyen, Quoc Phong", "Low, Bryan Kian Hsiang", "Jaillet, Patrick"),
    "Variational Bayesian Unlearning",
    "NeurIPS 2020",
    "Unlearning a posterior, in our reading: the page posterior.",
)
JUST_IN_TIME = _arxiv(
    "foster2024information",
    "2402.01401",
    ("Foster, Jack", "Fogarty, Kyle", "Schoepf, Stefan", "Dugue, Zack", "Öztireli, Cengiz", "Brintrup, Alexandra"),
    "An Information Theoretic Approach to Machine Unlearning",
    "February 2024",
    "Forgetting with the forget rows alone, in our reading: the page flatten.",
)
CERTIFIED = _arxiv(
    "guo2020certified",
    "1911.03030",
    ("Guo, Chuan", "Goldstein, Tom", "Hannun, Awni", "van der Maaten, Laurens"),
    "Certified Data Removal from Machine Learning Models",
    "ICML 2020",
    "Certified removal, in our reading.",
)
SISA = _arxiv(
    "bourtoule2021machine",
    "1912.03817",
    (
        *("Bourtoule, Lucas", "Chandrasekaran, Varun", "Choquette-Choo, Christopher A.", "Jia, Hengrui"),
        *("Travers, Adelin", "Zhang, Baiwu", "Lie, David", "Papernot, Nicolas"),
    ),
    "Machine Unlearning",
    "IEEE Symposium on Security and Privacy 2021",
    "Training on shards, in our reading.",
)
SPARSITY = _arxiv(
    "jia2023model",
    "2304.04934",
    (
        *("Jia, Jinghan", "Liu, Jiancheng", "Ram, Parikshit", "Yao, Yuguang"),
        *("Liu, Gaowen", "Liu, Yang", "Sharma, Pranay", "Liu, Sijia"),
    ),
    "Model Sparsity Can Simplify Machine Unlearning",
    "NeurIPS 2023",
    "Fine-tuning with an l1 penalty, in our reading.",
)
SALIENCY = _arxiv(
    "fan2024salun",
    "2310.12508",
    ("Fan, Chongyu", "Liu, Jiancheng", "Zhang, Yihua", "Wong, Eric", "Wei, Dennis", "Liu, Sijia"),
    "SalUn: Empowering Machine Unlearning via Gradient-based Weight Saliency "
    "in Both Image Classification and Generation",
    "ICLR 2024",
    "The mask of salient weights, in our reading.",
)
REFERENCES: tuple[Reference, ...] = (
    FIRST,
    PUBLISHED,
    MANN,
    BAD_TEACHER,
    SCRUB,
    MIN_NORM,
    GRADIENTS,
    JUICE,
    REACH,
    TRAJECTORY,
    STOCHASTIC_TEACHER,
    DATAMODELS,
    FEATURES_AND_LABELS,
    VARIATIONAL,
    JUST_IN_TIME,
    CERTIFIED,
    SISA,
    SPARSITY,
    SALIENCY,
)


def named(source: str) -> tuple[Reference, ...]:
    """Return the references a source of the theory names."""
    return tuple(reference for reference in REFERENCES if re.search(reference.named, source))


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    width = max(map(len, fields))
    lines = [f"  {name:<{width}} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def bibtex(reference: Reference) -> str:
    """Return the BibTeX entry of a reference; its title keeps its capitals."""
    told = {"title": f"{{{reference.title}}}", "author": " and ".join(reference.authors)}
    return _entry(reference.kind, reference.key, {**told, **reference.fields, "url": reference.address})


def site_bibtex(start: str) -> str:
    """Return the BibTeX entry of this site, with its address unless that is the reader's own computer."""
    fields = {
        "title": f"{{{SITE_TITLE}}}",
        "author": f"{{{SITE_AUTHORS}}}",
        "year": SITE_YEAR,
        "version": __version__,
    }
    host = urlsplit(start).hostname or ""
    if host and not _LOCAL.fullmatch(host):
        fields["url"] = start
    return _entry("software", "unlearning_explained", fields)
