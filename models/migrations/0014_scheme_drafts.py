from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0013_term_reminders')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SchemeDraft',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('code', fields.CharField(max_length=64)),
                ('entry', fields.CharField(max_length=64)),
                ('batches', ReadableJSONField()),
                ('signatures', ReadableJSONField()),
                ('reason', fields.CharField(default='', max_length=500)),
                ('begun_by', fields.CharField(max_length=120)),
                ('begun_at', UtcDatetimeField()),
                ('asked_at', UtcDatetimeField(null=True)),
                ('adopted_at', UtcDatetimeField(null=True)),
                ('dropped_by', fields.CharField(null=True, max_length=120)),
                ('dropped_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'scheme_draft', 'app': 'models', 'indexes': [Index(fields=['code'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Batch',
            name='void_reason',
            field=fields.CharField(null=True, max_length=500),
        ),
    ]
