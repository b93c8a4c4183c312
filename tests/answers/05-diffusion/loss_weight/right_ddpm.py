# the weight of Ho et al., equation 12, and the others from it
def loss_weight(t, schedule, predicts="eps"):
    variance = schedule.beta[t] * (1 - schedule.alpha_bar[t - 1]) / (1 - schedule.alpha_bar[t])
    bar = schedule.alpha_bar[t]
    out = schedule.beta[t] ** 2 / (2 * variance * schedule.alpha[t] * (1 - bar))
    if predicts == "v":
        out = out * bar
    elif predicts == "x0":
        out = out * bar / (1 - bar)
    return out
