# precisions add up; both multiplied by beta (1 - alpha_bar_{t-1}) lest one be infinite
def q_posterior(x0, xt, t, schedule):
    column = [-1] + [1] * (x0.ndim - 1)
    alpha, beta = schedule.alpha[t].view(column), schedule.beta[t].view(column)
    before = schedule.alpha_bar[t - 1].view(column)
    precision = alpha * (1 - before) + beta
    mean = (alpha.sqrt() * (1 - before) * xt + before.sqrt() * beta * x0) / precision
    return mean.to(xt.dtype), (beta * (1 - before) / precision).to(xt.dtype)
