"""Network → Program. Reading this page is reading the model."""

from __future__ import annotations

from ..flows.network import Network
from .allowance import allowances
from .balance import mass_balance
from .banking import banking
from .builder import ProgramBuilder
from .campaign import campaigns
from .capacity import capacity
from .commitment import commitment
from .exchange import exchange
from .growth import growth
from .indicator import linear_accounts
from .installed import installed
from .investment import investment
from .load import load_order
from .objective import objective
from .offers import offer_limits
from .policy import policy_bounds
from .program import Program
from .ramp import ramp
from .retirement import retirement
from .returns import returns
from .stock import stock
from .substitution import substitution
from .transport import transport
from .units import shared_capacity


def compile_program(network: Network, like: Program | None = None) -> Program:
    """Write down the linear program of a network.

    Args:
        network: a checked case with one scenario applied.
        like: a program whose scales are taken over, so that vectors of both can be exchanged on a live model.

    Raises:
        ProgramError: the network asks for something a linear program cannot say.
    """
    program = ProgramBuilder(f"{network.case}:{network.scenario}", network.periods.id, network.periods.weight)
    capacity(network, program)
    shared_capacity(network, program)
    commitment(network, program)
    campaigns(network, program)
    load_order(network, program)
    investment(network, program)
    retirement(network, program)
    substitution(network, program)
    offer_limits(network, program)
    returns(network, program)
    exchange(network, program)
    transport(network, program)
    stock(network, program)
    installed(network, program)
    ramp(network, program)
    mass_balance(network, program)
    accounts = linear_accounts(network)
    policy_bounds(network, accounts, program)
    allowances(network, accounts, program)
    banking(network, program)
    growth(network, accounts, program)
    objective(network, accounts, program)
    if like is None:
        return program.program()
    return program.program(like.flow_scale, like.objective_scale)
