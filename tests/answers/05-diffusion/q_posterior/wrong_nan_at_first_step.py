# precisions as they stand: 1 / 0 at t = 1
def q_posterior(x0, xt, t, schedule):
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    before = at(schedule.alpha_bar, t - 1, xt)
    var = 1 / (alpha / beta + 1 / (1 - before))
    return var * (alpha.sqrt() / beta * xt + before.sqrt() / (1 - before) * x0), var
