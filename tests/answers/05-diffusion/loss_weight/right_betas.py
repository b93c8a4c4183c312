# from the coefficients of the mean, and beta_tilde
def loss_weight(t, schedule, predicts="eps"):
    beta, bar, before = schedule.beta[t], schedule.alpha_bar[t], schedule.alpha_bar[t - 1]
    w = before * beta**2 / (1 - bar) ** 2 / (2 * schedule.beta_tilde[t])
    if predicts == "x0":
        return w
    if predicts == "v":
        return w * (1 - bar)
    return w * (1 - bar) / bar
