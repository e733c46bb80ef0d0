"""Cover: stock at the end of a period lasts for a number of days of demand."""

from sourcing.card import Card, Rule, Symbol

_KEY = ("site", "material", "node")

CARD = Card(
    name="cover",
    purpose="Stock that lasts for the demand of the days to come.",
    tables=("stocks", "demand"),
    symbols=(
        Symbol(r"h_{p,n}", "stock at the end of node n", "t"),
        Symbol(r"N_p", "days that stock at p has to last for", "d"),
        Symbol(r"d_{p,n}", "demand at p in the days of node n", "t"),
        Symbol(
            r"\tau_{n,m}",
            "days of node m among the N that follow node n; of the last node also those after the horizon",
            "d",
        ),
        Symbol(r"C_{p,n}", "demand of the N days that follow node n", "t"),
        Symbol(r"K_{p,n}", "cover asked for at the end of node n", "t"),
        Symbol(r"T_p", "day after the start on which an order can first have arrived at p (see stock)", "d"),
        Symbol(r"\varphi_{p,m}", "part of the days of node m before day T_p"),
        Symbol(r"Z_{p,m}", "what lanes and processes take from p in node m", "t"),
    ),
    rules=(
        Rule(
            "cover",
            _KEY,
            r"h_{p,n} + [s_n < T_p] \sum_{m \preceq n} \varphi_{p,m} Z_{p,m} \ge K_{p,n}",
            "Stock at the end of every period lasts for the days of demand to come, from the day an order can have "
            "arrived; before, as far as opening stock and open orders leave it after the demand up to that day.",
            subject="cover of {material} at {site}",
            worth="one tonne less cover of {material} at {site} in {period} would save {price}",
            relief="t below the cover",
            table="stocks",
        ),
    ),
    blanked=(("stocks", "cover_days"),),
    notes=(
        r"C_{p,n} = \sum_m \tau_{n,m} \frac{d_{p,m}}{e_m - s_m}: a day counts at the rate of the period it lies in, "
        "whatever part of the period a row of demand is for; after the horizon at the rate of the last period.",
        r"K_{p,n} is to C_{p,n} what S_{p,n} is to the safety stock (see stock): all of it where T_p is over by the "
        "first day of n, no more than is left before that, and no row where the balance keeps that by itself.",
        "Cover is for the demand table. What own processes and lanes take is decided by the plan, and nobody knows it "
        "beforehand: what feeds them is kept by a safety stock.",
        "Stock for the cover at the end of the horizon is of use (see stock). Safety stock, closing stock and cover "
        "are not added up: the largest holds.",
    ),
    after=("stock",),
)
