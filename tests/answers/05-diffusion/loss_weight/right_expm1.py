# with log SNR: for eps it is (exp(difference) - 1) / 2
def loss_weight(t, schedule, predicts="eps"):
    log_snr = torch.logit(schedule.alpha_bar)
    noise = torch.expm1(log_snr[t - 1] - log_snr[t]) / 2
    if predicts == "eps":
        return noise
    return noise * (log_snr[t].exp() if predicts == "x0" else schedule.alpha_bar[t])
