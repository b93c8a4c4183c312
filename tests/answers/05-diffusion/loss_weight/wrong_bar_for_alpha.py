# alpha_bar for alpha in the denominator
def loss_weight(t, schedule, predicts="eps"):
    beta, bar = schedule.beta[t], schedule.alpha_bar[t]
    w = beta**2 / (2 * schedule.beta_tilde[t] * bar * (1 - bar))
    return {"eps": w, "x0": w * bar / (1 - bar), "v": w * bar}[predicts]
