"""Which facts the form asks for, in which order; names as in the data dictionary."""

__all__ = ["ALWAYS", "DECISIVE", "HIDDEN_GROUPS", "SENDER_CAN", "TOPICS"]

# What is happening: leading facts of the emergency rows, by topic.
TOPICS: dict[str, dict[str, tuple[str, ...]]] = {
    "maternal": {
        "bleeding": (
            "pph_ongoing",
            "antepartum_bleeding",
            "placental_abruption",
            "retained_placenta",
            "ruptured_ectopic",
            "scar_pregnancy",
            "vaginal_bleeding",
            "coagulation_disorder",
            "bleeding_tendency",
            "placenta_over_scar",
            "accreta_suspected",
            "placenta_position",
        ),
        "pressure": ("hellp", "aflp", "bp_severe_untreated", "hdp"),
        "labour": (
            "in_labour",
            "preterm_labour",
            "pprom",
            "fetal_distress",
            "cord_prolapse",
            "obstructed_labour",
            "uterine_rupture_current",
            "uterine_rupture_threatened",
            "malpresentation",
            "uterine_scar",
            "tolac_planned",
            "tolac_contraindicated",
            "prior_cs_count",
        ),
        "collapse": (
            "maternal_cardiac_arrest",
            "afe_suspected",
            "maternal_sepsis",
            "respiratory_failure",
            "pulmonary_embolism",
            "acute_heart_failure",
            "stroke_or_ich",
            "status_epilepticus",
            "cvst",
            "trauma",
            "poisoning",
            "mewc_triggered_unresolved",
        ),
        "organs": (
            "thyroid_storm",
            "dka",
            "acute_pancreatitis",
            "severe_hepatitis",
            "acute_myocarditis",
            "infective_endocarditis",
            "aortic_dissection",
            "phaeo_crisis",
            "cirrhosis",
            "gi_bleeding",
            "bowel_obstruction",
            "heart_disease",
            "cardiomyopathy",
            "nyha_class",
            "pap_mmhg",
        ),
        "infection": (
            "tuberculosis",
            "special_viral_infection",
            "severe_infectious_pneumonia",
            "hiv",
            "syphilis",
            "viral_hepatitis_active",
            "hbsag_positive",
        ),
        "fetus": ("fetal_anomaly",),
    },
    "newborn": {
        "breathing": (
            "needs_invasive_ventilation",
            "needs_cpap",
            "pphn",
            "neonatal_apnoea",
            "meconium_aspiration",
            "tension_pneumothorax",
            "oxygenation_index",
        ),
        "infection": ("neonatal_sepsis_shock", "neonatal_sepsis", "nec_medical"),
        "brain": ("neonatal_seizures", "hie_grade"),
        "heart_surgery": ("critical_chd", "surgical_condition"),
        "blood": (
            "bilirubin_exchange_level",
            "neonatal_severe_anaemia",
            "hydrops",
            "refractory_hypoglycaemia",
        ),
        "other": ("neonate_unwell",),
    },
}

# The handful that decides between rows, levels and holds; all of them may stay unknown.
DECISIVE: dict[str, tuple[str, ...]] = {
    "maternal": (
        "gestational_age_weeks",
        "delivered",
        "fetus_alive",
        "fetus_count",
        "fetus_viable_care_wished",
        "pph_ml",
        "sbp",
        "dbp",
        "hr",
        "spo2",
        "hb_g_l",
        "plt_1e9_l",
        "parity",
        "cervix_cm",
        "urge_to_push",
        "minutes_to_birth_estimate",
        "antihypertensive_given",
        "magnesium_given",
        "seizure_controlled",
        "gcs",
        "airway_secured",
        "death_on_the_way_likely",
    ),
    "newborn": (
        "neo_ga_weeks",
        "birth_weight_g",
        "age_hours",
        "newborn_stabilised",
        "tension_relieved",
        "neonate_on_oxygen",
        "spo2",
        "temp",
        "altitude_m",
    ),
}

# The two answers that keep her here or let her go (R-DEST-05).
SENDER_CAN = ("sender_can_operate_now", "sender_can_transfuse_now")

ALWAYS = {"maternal": "clinician_says_critical", "newborn": "clinician_says_critical_newborn"}

# File and request, never an input of an answer (R-PERSON-01): not asked.
HIDDEN_GROUPS = frozenset({"person"})
