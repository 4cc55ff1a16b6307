"""Real rows: the sets that come with the project, and how problems are made of them."""

from theory.data.chosen import LEAVES, MOST_TRAINED, Data, RealRows, TableRows
from theory.data.class_methods import CLASS_METHODS, ClassMethod, fit_classes
from theory.data.classes import ClassMetrics, ClassProblem, measure_classes
from theory.data.features import Waves, length_scale, one_hot
from theory.data.phases import Growth, Phase, phases
from theory.data.sight import Sight, directions
from theory.data.sources import FOLDER, SOURCES, Source, Table, load
from theory.data.split import KINDS, Split, split
from theory.data.tables import Prepared, prepare

__all__ = [
    "CLASS_METHODS",
    "FOLDER",
    "KINDS",
    "LEAVES",
    "MOST_TRAINED",
    "SOURCES",
    "ClassMethod",
    "ClassMetrics",
    "ClassProblem",
    "Data",
    "Growth",
    "Phase",
    "Prepared",
    "RealRows",
    "Sight",
    "Source",
    "Split",
    "Table",
    "TableRows",
    "Waves",
    "directions",
    "fit_classes",
    "length_scale",
    "load",
    "measure_classes",
    "one_hot",
    "phases",
    "prepare",
    "split",
]
