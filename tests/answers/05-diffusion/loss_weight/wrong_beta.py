# the variance beta in place of beta_tilde
def loss_weight(t, schedule, predicts="eps"):
    beta, alpha, bar = schedule.beta[t], schedule.alpha[t], schedule.alpha_bar[t]
    w = beta**2 / (2 * beta * alpha * (1 - bar))
    return {"eps": w, "x0": w * bar / (1 - bar), "v": w * bar}[predicts]
