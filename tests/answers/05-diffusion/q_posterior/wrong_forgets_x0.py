# q(x_{t-1} | x_{t-1}'s own past): the step before, without a look at xt
def q_posterior(x0, xt, t, schedule):
    before = at(schedule.alpha_bar, t - 1, xt)
    return before.sqrt() * x0, 1 - before
