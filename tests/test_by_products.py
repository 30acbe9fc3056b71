"""By-product links that the plan of 2013 names, in the best plans of the parks: made by one plant, used by another."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from parkloop.cases import __file__ as cases_file
from parkloop.flows.build import build_network
from parkloop.flows.case import read_case
from parkloop.reports.run import run_case

PARKS = Path(cases_file).parent / "parks"

# park, what passes, who makes it, who uses it
LINKS = [
    # chlorine and hydrogen chloride from magnesium to PVC
    ("qarhan", "chlorine", "magnesium_electrolysis", "edc_direct_chlorination"),
    ("qarhan", "hydrogen_chloride", "edc_cracking", "vcm_from_acetylene"),
    ("qarhan", "hydrogen_chloride", "edc_cracking", "mgcl2_dehydration"),
    # coke-oven gas and CO2 to methanol
    ("qarhan", "coke_oven_gas", "coking_cdq", "coke_oven_gas_methanol"),
    ("wulan", "coke_oven_gas", "coking_cdq", "coke_oven_gas_methanol"),
    ("ganhe", "co2_pure", "coal_methanol", "multi_gas_methanol"),
    ("ganhe", "co2_pure", "coal_methanol", "co2_hydrogenation_methanol"),
    # carbide slag, ash, slags and gypsum to cement, bricks and blocks
    ("qarhan", "carbide_slag", "acetylene_dry", "clinker_kiln"),
    ("qarhan", "fly_ash", "boiler_coal_cfb", "cement_grinding"),
    ("ganhe", "fluorogypsum", "hydrogen_fluoride_kiln", "cement_grinding_fluorogypsum"),
    ("ganhe", "ferrochrome_slag", "ferrochrome_hc_saf", "autoclaved_brick"),
    ("golmud", "blast_furnace_slag", "blast_furnace", "slag_grinding"),
    ("beichuan", "fgd_gypsum", "chp_extraction", "gypsum_board"),
    ("minhe", "shale_ash", "oil_shale_retorting", "shale_ash_block"),
    # smelter acid to hydrogen fluoride and dichromate
    ("ganhe", "sulphuric_acid_98", "zinc_rle", "hydrogen_fluoride_kiln"),
    ("ganhe", "sulphuric_acid_98", "lead_smelting_refining", "sodium_dichromate_limefree"),
    # silicon tetrachloride and hydrogen chloride of silicon and silicones
    ("dongchuan", "silicon_tetrachloride", "polysilicon_siemens_deposition", "silicon_tetrachloride_hydrochlorination"),
    ("dongchuan", "hydrogen_chloride", "fumed_silica_flame", "trichlorosilane_synthesis"),
    ("ledu", "hydrogen_chloride", "siloxane_hydrolysis_dmc", "methyl_chloride_hydrochlorination"),
    # magnesium and chlorine with sponge titanium
    ("minhe", "magnesium_chloride", "titanium_sponge_kroll", "magnesium_chloride_recycle_electrolysis"),
    ("minhe", "chlorine", "magnesium_chloride_recycle_electrolysis", "titanium_chlorination"),
    # iron phosphate, made from copperas, to the cathodes of lithium iron phosphate
    ("nanchuan", "iron_phosphate", "iron_phosphate_from_copperas", "lithium_iron_phosphate_carbothermal"),
    # pitch to anodes and graphite, graphite to steel
    ("ganhe", "coal_tar_pitch", "coal_tar_distillation", "anode_prebaked_plant"),
    ("ganhe", "coal_tar_pitch", "coal_tar_distillation", "graphite_electrode_manufacture"),
    # steam of sulphuric acid, of furnaces and of exothermic reactors, from one pressure to the next
    ("ganhe", "steam_lp", "sulphuric_acid_smelter", "coking_cdq"),
    ("ledu", "steam_lp", "metallurgical_silicon_saf", "siloxane_hydrolysis_dmc"),
    ("wulan", "steam_hp", "coking_cdq", "turbine_back_pressure"),
    # grains, pomace, manure and sludges to feed, oil, biogas and compost
    ("huzhu", "distillers_grains_wet", "qingke_liquor_distilling", "distillers_grains_feed"),
    ("biotech", "goji_pomace_wet", "goji_juice", "pomace_drying_seed_separation"),
    ("delingha", "manure", "yak_slaughter_halal", "anaerobic_digester"),
    ("delingha", "digestate", "anaerobic_digester", "composting"),
    ("nanchuan", "wool_sludge_wet", "wool_scouring", "composting"),
]


@cache
def base(park: str) -> set[tuple[str, str, str]]:
    """Return what is made and used by whom in the base of a park: material, fate, plant."""
    result = run_case(build_network(read_case(PARKS / f"{park}.yaml")))
    assert result.flows is not None
    return {(flow.material, flow.fate, flow.by) for flow in result.flows.rows}


@pytest.mark.parametrize(("park", "material", "maker", "user"), LINKS)
def test_a_by_product_finds_its_use_where_that_pays(park: str, material: str, maker: str, user: str) -> None:
    found = base(park)
    assert (material, "made", maker) in found
    assert (material, "used", user) in found
