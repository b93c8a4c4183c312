# alpha for alpha_bar
def loss_weight(t, schedule, predicts="eps"):
    beta, alpha = schedule.beta[t], schedule.alpha[t]
    w = beta**2 / (2 * schedule.beta_tilde[t] * alpha * (1 - alpha))
    return {"eps": w, "x0": w * alpha / (1 - alpha), "v": w * alpha}[predicts]
